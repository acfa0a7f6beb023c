import * as operations from '@muster/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useWorkplace } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { showToast } from '../../../ui/toasts.tsx';
import { refreshUsers } from '../refresh-users.ts';
import { listTexts } from './texts.ts';

/** What is done to one user of the list at once, by a call of its own; what came of it is told at the edge of the screen. */
export function useRowActions(id: string, name: string) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const attempt = (work: () => Promise<void>) =>
    void work().catch((problem: unknown) =>
      showToast({ text: `${name}: ${problem instanceof Error ? problem.message : String(problem)}` }),
    );
  const setBlocked = (blocked: boolean, isUndo = false): void =>
    attempt(async () => {
      await management.call(operations.updateUser, { parameters: { id }, body: { blocked } });
      // By then the row may be elsewhere in the list, or gone from it.
      showToast({
        text: fill(blocked ? listTexts.isBlocked : listTexts.isUnblocked, { name }),
        ...(isUndo ? {} : { action: { label: listTexts.undo, run: () => setBlocked(!blocked, true) } }),
      });
      await refreshUsers(queries);
    });
  return {
    setBlocked: (blocked: boolean) => setBlocked(blocked),
    sendVerificationEmail: () =>
      attempt(async () => {
        await management.call(operations.createVerificationEmail, { body: { user_id: id } });
        showToast({ text: `${name}: ${texts.verificationQueued}` });
      }),
  };
}
