import { Menu } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { DeleteUser } from '../delete-user.tsx';
import type { User } from '../user-queries.ts';
import { MenuButton } from './menu-button.tsx';
import { listTexts } from './texts.ts';
import { useRowActions } from './use-row-actions.ts';

/** What is done most to one user, without leaving the list. It was loaded by a click and opens at once. */
export function RowMenu({ user, name }: { readonly user: User; readonly name: string }) {
  const router = useRouter();
  const clipboard = useClipboard();
  const [isOpen, setIsOpen] = useState(true);
  const [isDeleting, setIsDeleting] = useState(false);
  const mayChange = useMay('update:users');
  const mayDelete = useMay('delete:users');
  const id = user.user_id ?? '';
  const actions = useRowActions(id, name);
  const isUnverified = id.startsWith('auth0|') && user.email !== undefined && user.email_verified !== true;
  const go = (search: Readonly<Record<string, string>>) =>
    void router.navigate({ to: '/users/$id', params: { id }, search });
  return (
    <>
      <Menu opened={isOpen} onChange={setIsOpen} position="bottom-end" withinPortal>
        <Menu.Target>
          <MenuButton label={fill(listTexts.actionsOf, { name })} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => clipboard.copy(id)}>{listTexts.copyId}</Menu.Item>
          {user.email !== undefined && (
            <Menu.Item onClick={() => clipboard.copy(user.email)}>{listTexts.copyEmail}</Menu.Item>
          )}
          <Menu.Item onClick={() => go({ tab: 'metadata' })}>{texts.metadata}</Menu.Item>
          <Menu.Item onClick={() => go({ tab: 'history' })}>{texts.history}</Menu.Item>
          {(mayChange || mayDelete) && <Menu.Divider />}
          {mayChange && (
            <Menu.Item onClick={() => actions.setBlocked(user.blocked !== true)}>
              {user.blocked === true ? texts.unblock : texts.block}
            </Menu.Item>
          )}
          {mayChange && isUnverified && (
            <Menu.Item onClick={actions.sendVerificationEmail}>{texts.verifyEmail}</Menu.Item>
          )}
          {mayDelete && (
            <Menu.Item color="red" onClick={() => setIsDeleting(true)}>
              {texts.remove}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isDeleting && (
        <DeleteUser
          user={user}
          onDeleted={async () => setIsDeleting(false)}
          onRestored={async () => undefined}
          onClose={() => setIsDeleting(false)}
        />
      )}
    </>
  );
}
