import { Button, Group, Select, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill, texts } from '../../texts/texts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { RowRemoval } from '../../ui/row-removal.tsx';
import { useTypedGuard } from '../../ui/use-guarded-close.ts';
import { findUserId } from '../users/find-user-id.ts';
import { settingsTexts } from './texts.ts';

const roles = operations.administratorRoles;
type Role = (typeof roles)[number];
const roleOptions = roles.map((value) => ({ value, label: settingsTexts[value] }));
const toRole = (value: string | null): Role => roles.find((role) => role === value) ?? 'support';

/** Who may come into the dashboard, and what they may do there. */
export function Team() {
  const { management } = useWorkplace();
  const mayChange = useMay('update:administrators');
  const [removing, setRemoving] = useState<{ readonly id: string; readonly name: string }>();
  const found = useQuery({
    queryKey: ['administrators'],
    queryFn: async () => (await management.call(operations.listAdministrators)).body.administrators,
  });
  const change = useMutation({
    mutationFn: ({ id, role }: { readonly id: string; readonly role: Role }) =>
      management.call(operations.setAdministrator, { parameters: { id }, body: { role } }),
    onSettled: () => found.refetch(),
  });
  const removal = useMutation({
    mutationFn: (id: string) => management.call(operations.deleteAdministrator, { parameters: { id } }),
    onSuccess: async () => {
      await found.refetch();
      setRemoving(undefined);
    },
  });
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={160} />;
  return (
    <Stack>
      {change.error && <Problem error={change.error} />}
      <ListTable minWidth={600}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.user}</Table.Th>
            <Table.Th>{settingsTexts.role}</Table.Th>
            <Table.Th>{settingsTexts.since}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.data.map(({ user_id: id, email, name = email ?? id, role, created_at: since }) => (
            <Table.Tr key={id}>
              <Table.Td>
                <RouteLink to="/users/$id" params={{ id }}>
                  <bdi>{name}</bdi>
                </RouteLink>
                <Text size="xs" c="dimmed">
                  <bdi>{email}</bdi>
                </Text>
              </Table.Td>
              <Table.Td>
                {mayChange ? (
                  <Select
                    aria-label={`${settingsTexts.role}: ${name}`}
                    data={roleOptions}
                    value={role}
                    allowDeselect={false}
                    onChange={(value) => change.mutate({ id, role: toRole(value) })}
                  />
                ) : (
                  settingsTexts[role]
                )}
              </Table.Td>
              <Table.Td>
                <Moment at={since} />
              </Table.Td>
              <Table.Td ta="end">
                {mayChange && (
                  <RowRemoval
                    name={`${settingsTexts.removeFromTeam}: ${name}`}
                    onRemove={() => setRemoving({ id, name })}
                  >
                    {settingsTexts.removeFromTeam}
                  </RowRemoval>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ListTable>
      {mayChange && <AddToTeam onAdded={() => void found.refetch()} />}
      {removing && (
        <Confirmation
          title={fill(settingsTexts.removeTitle, { name: removing.name })}
          action={settingsTexts.removeFromTeam}
          error={removal.error}
          isPending={removal.isPending}
          onConfirm={() => removal.mutate(removing.id)}
          onClose={() => setRemoving(undefined)}
        >
          {settingsTexts.removeHint}
        </Confirmation>
      )}
    </Stack>
  );
}

function AddToTeam({ onAdded }: { readonly onAdded: () => void }) {
  const { management } = useWorkplace();
  const [who, setWho] = useState('');
  useTypedGuard(who);
  const [role, setRole] = useState<Role>('support');
  const addition = useMutation({
    mutationFn: async () => {
      const id = await findUserId(management, who);
      await management.call(operations.setAdministrator, { parameters: { id }, body: { role } });
    },
    onSuccess: () => {
      setWho('');
      onAdded();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (who.trim() !== '') addition.mutate();
      }}
    >
      <Stack maw={960}>
        {addition.error && <Problem error={addition.error} />}
        <Group align="end">
          <TextInput
            style={{ flex: '2 1 360px' }}
            label={settingsTexts.addToTeam}
            description={settingsTexts.addHint}
            value={who}
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => setWho(event.currentTarget.value)}
          />
          <Select
            style={{ flex: '1 1 320px' }}
            label={settingsTexts.role}
            data={roleOptions}
            value={role}
            allowDeselect={false}
            onChange={(value) => setRole(toRole(value))}
          />
          <Button type="submit" loading={addition.isPending} disabled={who.trim() === ''}>
            {settingsTexts.addToTeam}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
