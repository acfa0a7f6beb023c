import './row-removal.css';
import { Button } from '@mantine/core';

/** Takes a row out of a list; it turns red only under the pointer or with the focus, so that a list is no column of warnings. */
export function RowRemoval(props: {
  /** What is read out: with the name of the row, where the text does without. */
  readonly name?: string;
  readonly isPending?: boolean;
  readonly isDisabled?: boolean;
  readonly onRemove: () => void;
  readonly children: string;
}) {
  return (
    <Button
      className="row-removal"
      size="compact-sm"
      color="red"
      variant="light"
      aria-label={props.name}
      loading={props.isPending ?? false}
      disabled={props.isDisabled ?? false}
      onClick={props.onRemove}
    >
      {props.children}
    </Button>
  );
}
