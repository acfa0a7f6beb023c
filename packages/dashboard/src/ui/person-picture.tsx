import { Avatar } from '@mantine/core';

/** How the server ends the address of a picture that it makes of two letters, in itself or as what Gravatar falls back to. */
const made = /(?:\/|%2F)avatars(?:\/|%2F)[a-z]{2}\.png$/i;

/** A tint with so much of its own strong colour. */
const mixTint = (percent: number) => `color-mix(in srgb, var(--avatar-color) ${percent}%, var(--avatar-bg))`;

/**
 * The picture that somebody uploaded or brought along. Who has none is drawn as initials here: the default picture's address
 * would have every row of a list tell somebody else who is looked at.
 */
export function PersonPicture(props: {
  readonly picture: string | undefined;
  readonly name: string;
  readonly size: number;
  readonly isDimmed?: boolean;
}) {
  const { picture, name, size, isDimmed = false } = props;
  return (
    <Avatar
      src={picture === undefined || made.test(picture) ? null : picture}
      name={name}
      color="initials"
      alt=""
      size={size}
      imageProps={{ loading: 'lazy' }}
      style={{ opacity: isDimmed ? 0.4 : 1 }}
      // One of the tints is the colour of a selected row, and no tint is dark enough for small letters of its own colour.
      styles={{
        placeholder: {
          background: `light-dark(${mixTint(35)}, ${mixTint(25)})`,
          border: '1px solid var(--avatar-color)',
          color: 'var(--mantine-color-bright)',
        },
      }}
    />
  );
}
