import { Button, Group, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { RowRemoval } from '../../ui/row-removal.tsx';
import { useTypedGuard } from '../../ui/use-guarded-close.ts';
import { findUserId } from '../users/find-user-id.ts';
import { quoteValue } from '../users/list/completion.ts';
import { type Role, useAssignment, useRoleMembers } from './role-queries.ts';
import { roleTexts } from './texts.ts';
import { useUndoableRemoval } from './use-undoable-removal.ts';

/** Who has the role: a link to each, and a way to give it to somebody and to take it. */
export function RoleMembers({ role, total }: { readonly role: Role; readonly total: number }) {
  const mayChange = useMay('update:users');
  const found = useRoleMembers(role.id);
  const removal = useUndoableRemoval();
  const users = found.data?.pages.flatMap((page) => page.users) ?? [];
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isLoading) return <Skeleton height={160} />;
  return (
    <Stack>
      {removal.error && <Problem error={removal.error} />}
      {users.length === 0 ? (
        <Empty title={roleTexts.nobody}>{mayChange && roleTexts.nobodyHint}</Empty>
      ) : (
        <>
          <Group gap="md">
            <Text size="sm" c="dimmed" aria-live="polite">
              {fill(roleTexts.count, { count: total })}
            </Text>
            <Text size="sm">
              <RouteLink to="/users" search={{ q: `role:${quoteValue(role.name)}` }}>
                {roleTexts.searchThem}
              </RouteLink>
            </Text>
          </Group>
          <ListTable minWidth={480}>
            <Table.Tbody>
              {users.map(({ user_id: id, email, name = email ?? id }) => (
                <Table.Tr key={id}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <RouteLink to="/users/$id" params={{ id }} search={{ tab: 'roles' }}>
                      <bdi>{name}</bdi>
                    </RouteLink>
                    <Text size="xs" c="dimmed">
                      <bdi>{email === name ? id : email}</bdi>
                    </Text>
                  </Table.Td>
                  {mayChange && (
                    <Table.Td ta="end">
                      <RowRemoval
                        name={fill(roleTexts.takeFrom, { name })}
                        isPending={removal.isPending && removal.variables?.userId === id}
                        onRemove={() => removal.remove({ userId: id, role })}
                      >
                        {roleTexts.take}
                      </RowRemoval>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </ListTable>
          {found.hasNextPage && (
            <Group justify="center">
              <Button
                variant="default"
                loading={found.isFetchingNextPage}
                onClick={() => void found.fetchNextPage()}
              >
                {roleTexts.more}
              </Button>
            </Group>
          )}
        </>
      )}
      {mayChange && <AssignToUser roleId={role.id} />}
    </Stack>
  );
}

function AssignToUser({ roleId }: { readonly roleId: string }) {
  const { management } = useWorkplace();
  const [who, setWho] = useState('');
  useTypedGuard(who);
  const assignment = useAssignment();
  const addition = useMutation({
    mutationFn: async () => {
      const userId = await findUserId(management, who);
      await assignment.mutateAsync({ kind: 'assign', userId, roleId });
    },
    onSuccess: () => setWho(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (who.trim() !== '') addition.mutate();
      }}
    >
      <Stack maw={640}>
        {addition.error && <Problem error={addition.error} />}
        <Group align="end">
          <TextInput
            style={{ flex: 1, minWidth: 200 }}
            label={roleTexts.assignTo}
            description={roleTexts.assignHint}
            value={who}
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => setWho(event.currentTarget.value)}
          />
          <Button type="submit" loading={addition.isPending} disabled={who.trim() === ''}>
            {roleTexts.assign}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
