import './person-picture.css';
import { type CSSProperties, useState } from 'react';

/** How the server ends the address of a picture that it makes of two letters, in itself or as what Gravatar falls back to. */
const made = /(?:\/|%2F)avatars(?:\/|%2F)[a-z]{2}\.png$/i;
const tints = ['blue', 'cyan', 'grape', 'green', 'indigo', 'lime', 'orange', 'pink', 'red', 'teal', 'violet'];

/**
 * The picture that somebody uploaded or brought along. Who has none is drawn as initials here: the default picture's address
 * would have every row of a list tell somebody else who is looked at. Two plain elements: a list has one in every row.
 */
export function PersonPicture(props: {
  readonly picture: string | undefined;
  readonly name: string;
  readonly size: number;
  readonly isDimmed?: boolean;
}) {
  const { picture, name, size, isDimmed = false } = props;
  const [broken, setBroken] = useState<string>();
  const isShown = picture !== undefined && picture !== broken && !made.test(picture);
  return (
    <span
      className="person-picture"
      data-initials={isShown ? undefined : true}
      style={{
        width: size,
        height: size,
        fontSize: size / 2.5,
        ...(isShown ? {} : colorsOf(name)),
        ...(isDimmed ? { opacity: 0.4 } : {}),
      }}
    >
      {isShown ? (
        <img src={picture} alt="" loading="lazy" onError={() => setBroken(picture)} />
      ) : (
        initialsOf(name)
      )}
    </span>
  );
}

const initialsOf = (name: string) => {
  const words = name.split(' ').filter((word) => word !== '');
  // By characters: half of an emoji is none.
  const letters = words.length > 1 ? words.map((word) => [...word][0]) : [...(words[0] ?? '')];
  return letters.slice(0, 2).join('').toUpperCase();
};

/** The same for the same name, wherever it is shown. */
function colorsOf(name: string): CSSProperties {
  let sum = 0;
  for (let index = 0; index < name.length; index++) sum = (sum * 31 + name.charCodeAt(index)) | 0;
  const tint = `--mantine-color-${tints[Math.abs(sum) % tints.length]}-light`;
  const mix = (percent: number) => `color-mix(in srgb, var(${tint}-color) ${percent}%, var(${tint}))`;
  return { borderColor: `var(${tint}-color)`, backgroundColor: `light-dark(${mix(35)}, ${mix(25)})` };
}
