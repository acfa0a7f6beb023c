import { Button, Code, Group, Menu, Modal, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { texts } from '../../../texts/texts.ts';
import { Copy } from '../../../ui/copy.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { DeleteUser } from '../delete-user.tsx';
import type { User, UserChange } from '../user-queries.ts';
import { ChangePassword } from './change-password.tsx';
import { profileTexts } from './texts.ts';

/** What may be done with a user, as far as the viewer may. */
export function UserActions(props: {
  readonly user: User;
  readonly isChanging: boolean;
  readonly onChange: (change: UserChange) => void;
}) {
  const { management } = useWorkplace();
  const id = props.user.user_id ?? '';
  const navigate = useNavigate();
  const [isDeleting, setIsDeleting] = useState(false);
  const mayChange = useMay('update:users');
  const mayDelete = useMay('delete:users');
  const mayLink = useMay('create:user_tickets');
  const [isChangingPassword, setIsChangingPassword] = useState(false);
  const ticket = useMutation({
    mutationFn: async (kind: 'password' | 'verification') =>
      kind === 'password'
        ? (await management.call(operations.createPasswordChangeTicket, { body: { user_id: id } })).body
            .ticket
        : (await management.call(operations.createEmailVerificationTicket, { body: { user_id: id } })).body
            .ticket,
  });
  const isVerification = ticket.variables === 'verification';
  const verification = useMutation({
    mutationFn: () => management.call(operations.createVerificationEmail, { body: { user_id: id } }),
  });
  const resetMail = useMutation({
    mutationFn: () => management.call(operations.sendPasswordResetEmail, { parameters: { id } }),
  });
  const isDatabaseUser = props.user.identities?.[0]?.provider === 'auth0';
  const isUnverified = props.user.email !== undefined && props.user.email_verified !== true;
  return (
    <Stack gap="xs" align="end">
      <Group gap="xs">
        {mayChange && (
          <Button
            variant="default"
            loading={props.isChanging}
            onClick={() => props.onChange({ blocked: props.user.blocked !== true })}
          >
            {props.user.blocked === true ? texts.unblock : texts.block}
          </Button>
        )}
        {isDatabaseUser && (mayLink || mayChange) && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <Button
                variant="default"
                loading={ticket.isPending || verification.isPending || resetMail.isPending}
              >
                {profileTexts.more}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {mayChange && (
                <Menu.Item onClick={() => setIsChangingPassword(true)}>
                  {profileTexts.changePassword}
                </Menu.Item>
              )}
              {mayLink && props.user.email !== undefined && (
                <Menu.Item onClick={() => resetMail.mutate()}>{profileTexts.resetMail}</Menu.Item>
              )}
              {mayLink && <Menu.Item onClick={() => ticket.mutate('password')}>{texts.resetLink}</Menu.Item>}
              {mayChange && isUnverified && (
                <Menu.Item onClick={() => verification.mutate()}>{texts.verifyEmail}</Menu.Item>
              )}
              {mayLink && isUnverified && (
                <Menu.Item onClick={() => ticket.mutate('verification')}>
                  {profileTexts.verificationLink}
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
        )}
        {mayDelete && (
          <Button color="red" variant="light" onClick={() => setIsDeleting(true)}>
            {texts.remove}
          </Button>
        )}
      </Group>
      {(verification.isSuccess || resetMail.isSuccess) && (
        <Text size="sm" role="status">
          {texts.verificationQueued}
        </Text>
      )}
      {verification.error && <Problem error={verification.error} />}
      {resetMail.error && <Problem error={resetMail.error} />}
      {ticket.error && <Problem error={ticket.error} />}
      <Modal
        opened={ticket.isSuccess}
        onClose={() => ticket.reset()}
        title={isVerification ? profileTexts.verificationLink : texts.resetLink}
        closeButtonProps={{ 'aria-label': texts.close }}
      >
        <Stack align="start">
          <Text size="sm">{isVerification ? profileTexts.verificationLinkHint : texts.resetLinkHint}</Text>
          <Code block w="100%">
            {ticket.data}
          </Code>
          <Copy value={ticket.data ?? ''} />
        </Stack>
      </Modal>
      {isChangingPassword && (
        <ChangePassword user={props.user} onClose={() => setIsChangingPassword(false)} />
      )}
      {isDeleting && (
        <DeleteUser
          user={props.user}
          onDeleted={() => navigate({ to: '/users', ignoreBlocker: true })}
          onRestored={() => navigate({ to: '/users/$id', params: { id } })}
          onClose={() => setIsDeleting(false)}
        />
      )}
    </Stack>
  );
}
