import { Button, Skeleton, Table } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { Moment } from '../../ui/moment.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';

/** Where the user is signed in, each to be ended. */
export function UserSessions({ id }: { readonly id: string }) {
  const { management } = useWorkplace();
  const mayRevoke = useMay('delete:sessions');
  const found = useQuery({
    queryKey: ['sessions', id],
    queryFn: async () =>
      (await management.call(operations.listUserSessions, { parameters: { user_id: id } })).body.sessions,
  });
  const revocation = useMutation({
    mutationFn: (session: string) =>
      management.call(operations.deleteSession, { parameters: { id: session } }),
    onSuccess: () => found.refetch(),
  });
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={120} />;
  if (found.data.length === 0) return <Empty title={texts.noSessions} />;
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Tbody>
          {found.data.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td maw={360}>{session.device.last_user_agent}</Table.Td>
              <Table.Td>{session.device.last_ip}</Table.Td>
              <Table.Td>
                <Moment at={session.last_interacted_at} />
              </Table.Td>
              <Table.Td ta="end">
                {mayRevoke && (
                  <Button
                    size="compact-sm"
                    variant="light"
                    color="red"
                    loading={revocation.isPending && revocation.variables === session.id}
                    onClick={() => revocation.mutate(session.id)}
                  >
                    {texts.revoke}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
