import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useWorkplace } from '../../../api/management.ts';
import { fill } from '../../../texts/texts.ts';
import { showToast } from '../../../ui/toasts.tsx';
import { roleTexts } from '../../roles/texts.ts';

/** A scope of an API, as the server is told of it. */
export interface PermissionName {
  readonly identifier: string;
  readonly name: string;
}

export const isSamePermission = (one: PermissionName, other: PermissionName) =>
  one.identifier === other.identifier && one.name === other.name;

interface Change {
  readonly kind: 'add' | 'remove';
  readonly permission: PermissionName;
}

/** Gives a user a permission of their own, or takes it; those of their roles stay. */
export function useOwnPermissions(userId: string) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const { mutate, error, isPending, variables } = useMutation({
    mutationFn: async ({ kind, permission: { identifier, name } }: Change) => {
      const call = {
        parameters: { id: userId },
        body: { permissions: [{ resource_server_identifier: identifier, permission_name: name }] },
      };
      if (kind === 'add') await management.call(operations.addUserPermissions, call);
      else await management.call(operations.removeUserPermissions, call);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['user', userId, 'permissions'] }),
  });
  return {
    error,
    changing: isPending ? variables : undefined,
    add: (permission: PermissionName, onSuccess: () => void) =>
      mutate({ kind: 'add', permission }, { onSuccess }),
    /** At once, with a way back. */
    remove: (permission: PermissionName) => {
      const undo = { label: roleTexts.undo, run: () => mutate({ kind: 'add', permission }) };
      const text = fill(roleTexts.taken, { name: permission.name });
      mutate({ kind: 'remove', permission }, { onSuccess: () => showToast({ text, action: undo }) });
    },
  };
}
