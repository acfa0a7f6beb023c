import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { texts } from '../../../texts/texts.ts';
import { Problem } from '../../../ui/problem.tsx';
import { generatePassword } from '../generate-password.ts';

/** Makes a user in a database connection. */
export function CreateUser({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const connections = useQuery({
    queryKey: ['connections', 'auth0'],
    enabled: isOpen,
    queryFn: async () => {
      const { body } = await management.call(operations.listConnections, {
        query: { strategy: ['auth0'], fields: 'name', include_fields: true },
      });
      const list = Array.isArray(body) ? body : body.connections;
      return list.flatMap(({ name }) => name ?? []);
    },
  });
  const connection = chosen ?? connections.data?.[0] ?? '';
  const creation = useMutation({
    mutationFn: () =>
      management.call(operations.createUser, {
        body: { connection, email, password: password === '' ? generatePassword() : password },
      }),
    onSuccess: async ({ body }) => {
      await queries.invalidateQueries({ queryKey: ['users'] });
      onClose();
      await navigate({ to: '/users/$id', params: { id: body.user_id ?? '' } });
    },
  });
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={texts.createUser}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          creation.mutate();
        }}
      >
        <Stack>
          {creation.error && <Problem error={creation.error} />}
          {connections.error && <Problem error={connections.error} />}
          <Select
            label={texts.connection}
            data={connections.data ?? []}
            value={connection}
            onChange={setChosen}
            allowDeselect={false}
          />
          <TextInput
            label={texts.email}
            type="email"
            required
            data-autofocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={texts.password}
            description={texts.passwordHint}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {texts.cancel}
            </Button>
            <Button type="submit" loading={creation.isPending}>
              {texts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
