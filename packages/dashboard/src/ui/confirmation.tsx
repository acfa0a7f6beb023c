import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { Problem } from './problem.tsx';

/** Asks before something that cannot be taken back, and says what it will do. */
export function Confirmation(props: {
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <Stack>
        {props.error !== null && props.error !== undefined && <Problem error={props.error} />}
        <Text component="div" size="sm">
          {props.children}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button color="red" loading={props.isPending} onClick={props.onConfirm}>
            {props.action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
