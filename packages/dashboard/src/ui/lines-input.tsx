import { Textarea } from '@mantine/core';
import { useState } from 'react';

/** A list of texts, one to a line; empty lines are none of it. */
export function LinesInput(props: {
  readonly label: string;
  readonly description?: string;
  readonly values: readonly string[];
  readonly isReadOnly: boolean;
  readonly onChange: (values: string[]) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const lines = toLines(typed ?? '');
  // What was discarded or came from elsewhere is shown, what is typed stays as it is typed.
  const isTyped = typed !== undefined && JSON.stringify(lines) === JSON.stringify(props.values);
  return (
    <Textarea
      label={props.label}
      description={props.description}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      readOnly={props.isReadOnly}
      value={isTyped ? typed : props.values.join('\n')}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        props.onChange(toLines(event.currentTarget.value));
      }}
    />
  );
}

function toLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
