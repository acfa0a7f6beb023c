import { fill } from '../../texts/texts.ts';
import { showToast } from '../../ui/toasts.tsx';
import { type Role, useAssignment } from './role-queries.ts';
import { roleTexts } from './texts.ts';

/** Takes a role from a user at once, and offers to give it back. */
export function useUndoableRemoval() {
  const { mutate, error, isPending, variables } = useAssignment();
  const remove = ({ userId, role }: { readonly userId: string; readonly role: Role }) => {
    const change = { userId, roleId: role.id };
    const undo = { label: roleTexts.undo, run: () => mutate({ kind: 'assign', ...change }) };
    mutate(
      { kind: 'remove', ...change },
      { onSuccess: () => showToast({ text: fill(roleTexts.taken, { name: role.name }), action: undo }) },
    );
  };
  return { remove, error, isPending, variables };
}
