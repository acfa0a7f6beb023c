import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { TypedConfirmation } from './typed-confirmation.tsx';

/** The button that deletes what its page is about, once its name was typed. */
export function Deletion(props: {
  readonly label: string;
  readonly title: string;
  /** What goes with it, and what to type. */
  readonly hint: string;
  /** What has to be typed. */
  readonly wanted: string;
  /** Deletes it and leaves its page. */
  readonly onDelete: () => Promise<void>;
}) {
  const [isAsking, setIsAsking] = useState(false);
  const deletion = useMutation({ mutationFn: props.onDelete });
  return (
    <div>
      <Button color="red" variant="light" onClick={() => setIsAsking(true)}>
        {props.label}
      </Button>
      <Text size="xs" c="dimmed" mt={4}>
        {texts.cannotBeUndone}
      </Text>
      {isAsking && (
        <TypedConfirmation
          title={props.title}
          hint={props.hint}
          wanted={props.wanted}
          error={deletion.error}
          isPending={deletion.isPending}
          onConfirm={() => deletion.mutate()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  );
}
