import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../../../texts/texts.ts';
import { Copy } from '../../../ui/copy.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useGuardedClose } from '../../../ui/use-guarded-close.ts';
import { generatePassword } from '../generate-password.ts';
import { type User, useUserChange } from '../user-queries.ts';
import { profileTexts } from './texts.ts';

/** Gives a user of a database connection another password; the old one's sessions end. */
export function ChangePassword({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const [password, setPassword] = useState('');
  const change = useUserChange(user.user_id ?? '', undefined);
  const close = useGuardedClose(change.isSuccess ? [] : [password], onClose);
  const connection = user.identities?.[0]?.connection;
  return (
    <Modal
      opened
      onClose={close}
      title={profileTexts.changePassword}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ password, ...(connection === undefined ? {} : { connection }) });
        }}
      >
        <Stack>
          {change.error && <Problem error={change.error} />}
          <PasswordInput
            label={profileTexts.newPassword}
            description={profileTexts.changePasswordHint}
            autoComplete="new-password"
            data-autofocus
            required
            readOnly={change.isSuccess}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {change.isSuccess && (
            <Text size="sm" role="status">
              {profileTexts.passwordChanged}
            </Text>
          )}
          <Group justify="space-between">
            <Group gap="xs">
              {!change.isSuccess && (
                <Button variant="default" onClick={() => setPassword(generatePassword())}>
                  {profileTexts.generate}
                </Button>
              )}
              {password !== '' && <Copy value={password} />}
            </Group>
            {change.isSuccess ? (
              <Button onClick={onClose}>{texts.close}</Button>
            ) : (
              <Button type="submit" loading={change.isPending} disabled={password === ''}>
                {texts.save}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
