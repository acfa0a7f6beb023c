import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';
import { Problem } from './problem.tsx';
import { useGuardedClose } from './use-guarded-close.ts';

/** Asks for what a new thing needs; says what was refused, and keeps what was typed. The one frame of every creation. */
export function CreateDialog(props: {
  readonly title: string;
  readonly creation: { readonly error: unknown; readonly isPending: boolean; readonly mutate: () => void };
  /** Closes it, or leaves its page, without a question: what was typed has been asked about by then. */
  readonly onClose: () => void;
  /** What stands in its fields: it is not lost without a question. */
  readonly typed: readonly string[];
  /** Fields of the form. */
  readonly children: ReactNode;
  /** Takes the place of the form once the thing is made, where there is something to tell. */
  readonly outcome?: ReactNode;
}) {
  const { creation } = props;
  const close = useGuardedClose(props.outcome === undefined ? props.typed : [], props.onClose);
  return (
    <Modal opened onClose={close} title={props.title} closeButtonProps={{ 'aria-label': texts.close }}>
      {props.outcome ?? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            creation.mutate();
          }}
        >
          <Stack>
            {creation.error !== null && creation.error !== undefined && <Problem error={creation.error} />}
            {props.children}
            <Group justify="flex-end">
              <Button variant="default" onClick={props.onClose}>
                {texts.cancel}
              </Button>
              <Button type="submit" loading={creation.isPending}>
                {texts.create}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
