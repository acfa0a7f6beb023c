import { useEffect, useRef } from 'react';

/** The browser's own box: the library's has six elements, which a screen full of rows shows when all are ticked. */
export function RowTick(props: {
  readonly label: string;
  readonly isTicked: boolean;
  /** Some of what it stands for are ticked. */
  readonly isMixed?: boolean;
  readonly onChange: (isTicked: boolean) => void;
}) {
  const { isMixed = false } = props;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isMixed;
  }, [isMixed]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={props.label}
      checked={props.isTicked}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}
