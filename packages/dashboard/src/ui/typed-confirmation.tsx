import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { Problem } from './problem.tsx';

/** Asks for a name to be typed before something goes that nothing brings back. */
export function TypedConfirmation(props: {
  readonly title: string;
  /** What will happen and what to type. */
  readonly hint: string;
  /** What has to be typed. */
  readonly wanted: string;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === props.wanted) props.onConfirm();
        }}
      >
        <Stack>
          {props.error !== null && props.error !== undefined && <Problem error={props.error} />}
          <TextInput
            label={props.hint}
            labelProps={{ fw: 400, mb: 'sm' }}
            value={typed}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={props.onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" color="red" disabled={typed !== props.wanted} loading={props.isPending}>
              {texts.remove}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
