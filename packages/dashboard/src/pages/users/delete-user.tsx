import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { fill, texts } from '../../texts/texts.ts';
import { showToast } from '../../ui/toasts.tsx';
import { TypedConfirmation } from '../../ui/typed-confirmation.tsx';
import { useRetentionDays } from './deleted/deleted-queries.ts';
import { deletedTexts } from './deleted/texts.ts';
import { refreshUsers } from './refresh-users.ts';
import type { User } from './user-queries.ts';

/** Asks for the address or id to be typed, and offers the way back for as long as there is one. */
export function DeleteUser(props: {
  readonly user: User;
  /** Leaves whatever shows the user alone. */
  readonly onDeleted: () => Promise<void>;
  /** After somebody who was deleted is back. */
  readonly onRestored: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const days = useRetentionDays();
  const id = props.user.user_id ?? '';
  const wanted = props.user.email ?? id;
  const deletion = useMutation({
    mutationFn: () =>
      management.call(operations.deleteUser, { parameters: { id }, query: { recoverable: true } }),
    onSuccess: async () => {
      await props.onDeleted();
      // This dialog is gone by then, so nothing of it may be waited for.
      const undo = () =>
        void management
          .call(operations.restoreUser, { parameters: { id } })
          .then(async () => {
            await refreshUsers(queries);
            await props.onRestored();
          })
          .catch((problem: unknown) =>
            showToast({ text: problem instanceof Error ? problem.message : String(problem) }),
          );
      showToast({
        text: fill(deletedTexts.deleted, { name: props.user.name ?? wanted }),
        ...(days === 0 ? {} : { action: { label: deletedTexts.undo, run: undo } }),
      });
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  return (
    <TypedConfirmation
      title={texts.removeTitle}
      hint={
        days === undefined || days === 0
          ? fill(texts.removeHint, { text: wanted })
          : fill(deletedTexts.restorable, { text: wanted, days })
      }
      wanted={wanted}
      error={deletion.error}
      isPending={deletion.isPending}
      onConfirm={() => deletion.mutate()}
      onClose={props.onClose}
    />
  );
}
