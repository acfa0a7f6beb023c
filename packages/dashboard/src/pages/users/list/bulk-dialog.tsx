import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { RolePicker } from '../../roles/role-picker.tsx';
import { useRetentionDays } from '../deleted/deleted-queries.ts';
import { BulkProgress } from './bulk-progress.tsx';
import { isAboutRole, type OfferedAction, type Selection, startAction } from './bulk-run.ts';
import { ChangeCount } from './change-count.tsx';
import { listTexts } from './texts.ts';
import { watchJob } from './watch-job.ts';

const words = {
  block: [listTexts.blockTitle, listTexts.blockHint],
  unblock: [listTexts.unblockTitle, listTexts.unblockHint],
  send_verification_email: [listTexts.verifyTitle, listTexts.verifyHint],
  assign_roles: [listTexts.assignTitle, listTexts.assignHint],
  remove_roles: [listTexts.takeTitle, listTexts.takeHint],
  delete: [listTexts.deleteTitle, listTexts.deleteHint],
} as const;

/** Asks, with how many it is about; then shows how far the server is, what failed, and takes it back where that can be done. */
export function BulkDialog(props: {
  readonly action: OfferedAction;
  readonly selection: Selection;
  /** Given whether something was done. */
  readonly onClose: (isOver: boolean) => void;
}) {
  const workplace = useWorkplace();
  const { management } = workplace;
  const { action, selection } = props;
  const [typed, setTyped] = useState('');
  const [undo, setUndo] = useState<string>();
  const [roleId, setRoleId] = useState<string>();
  const queries = useQueryClient();
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );
  const start = useMutation({
    mutationFn: () => startAction(management, action, selection, roleId),
    onSuccess: (id) => {
      if (!isOpen.current) watchJob(queries, workplace, id);
    },
  });
  const days = useRetentionDays();
  const count = selection.kind === 'some' ? selection.users.size : selection.total;
  const values = { count, days: days ?? 0 };
  const isAsking = start.data === undefined;
  const isConfirmed =
    action === 'delete'
      ? typed.replaceAll(/\D/g, '') === String(count)
      : !isAboutRole(action) || roleId !== undefined;
  const close = () => props.onClose(!isAsking);
  return (
    <Modal
      opened
      onClose={close}
      title={fill(words[action][0], values)}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      {start.data === undefined ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (isConfirmed && !start.isPending) start.mutate();
          }}
        >
          <Stack>
            {isAboutRole(action) && <RolePicker value={roleId} onChange={setRoleId} isFirst />}
            {action === 'delete' ? (
              <TextInput
                label={fill(days === 0 ? listTexts.deleteForGoodHint : listTexts.deleteHint, values)}
                value={typed}
                data-autofocus
                autoComplete="off"
                inputMode="numeric"
                onChange={(event) => setTyped(event.currentTarget.value)}
              />
            ) : (
              <ChangeCount
                hint={words[action][1]}
                action={action}
                selection={selection}
                total={count}
                roleId={roleId}
              />
            )}
            {start.error && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {start.error.message}
              </Text>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {texts.cancel}
              </Button>
              <Button
                type="submit"
                disabled={!isConfirmed}
                loading={start.isPending}
                {...(action === 'delete' ? { color: 'red' } : {})}
              >
                {action === 'delete' ? texts.remove : listTexts.start}
              </Button>
            </Group>
          </Stack>
        </form>
      ) : (
        <BulkProgress
          key={undo ?? start.data}
          id={undo ?? start.data}
          isUndo={undo !== undefined}
          onUndo={setUndo}
          onClose={close}
        />
      )}
    </Modal>
  );
}
