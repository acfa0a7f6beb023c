import { Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../../api/management.ts';
import { fill } from '../../../texts/texts.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { Empty, Problem } from '../../../ui/problem.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { RowRemoval } from '../../../ui/row-removal.tsx';
import { RolePicker } from '../../roles/role-picker.tsx';
import { useAssignment, useUserRoles } from '../../roles/role-queries.ts';
import { roleTexts } from '../../roles/texts.ts';
import { useUndoableRemoval } from '../../roles/use-undoable-removal.ts';
import { UserPermissions } from './user-permissions.tsx';

/** What the user is to applications, and how that is changed. */
export function UserRoles({ id }: { readonly id: string }) {
  const mayChange = useMay('update:users');
  const found = useUserRoles(id);
  const removal = useUndoableRemoval();
  const assignment = useAssignment();
  const [chosen, setChosen] = useState<string>();
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={160} />;
  const roles = found.data;
  const error = assignment.error ?? removal.error;
  return (
    <Stack maw={820}>
      {error && <Problem error={error} />}
      {roles.length === 0 ? (
        <Empty title={roleTexts.noneOfUser}>{roleTexts.ofUserHint}</Empty>
      ) : (
        <ListTable minWidth={480}>
          <Table.Tbody>
            {roles.map((role) => (
              <Table.Tr key={role.id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <RouteLink to="/roles/$id" params={{ id: role.id }}>
                    <bdi>{role.name}</bdi>
                  </RouteLink>
                  <Text size="xs" c="dimmed">
                    <bdi>{role.description}</bdi>
                  </Text>
                </Table.Td>
                {mayChange && (
                  <Table.Td ta="end">
                    <RowRemoval
                      name={fill(roleTexts.takeOne, { name: role.name })}
                      isPending={removal.isPending && removal.variables?.roleId === role.id}
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
      )}
      {mayChange && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen === undefined) return;
            const assigned = { kind: 'assign', userId: id, roleId: chosen } as const;
            assignment.mutate(assigned, { onSuccess: () => setChosen(undefined) });
          }}
        >
          <Group align="end">
            <div style={{ flex: 1, minWidth: 200 }}>
              <RolePicker value={chosen} onChange={setChosen} without={roles.map((role) => role.id)} />
            </div>
            <Button type="submit" disabled={chosen === undefined} loading={assignment.isPending}>
              {roleTexts.assign}
            </Button>
          </Group>
        </form>
      )}
      <UserPermissions id={id} />
    </Stack>
  );
}
