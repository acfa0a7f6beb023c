import { Badge, Button, Skeleton, Stack, Table } from '@mantine/core';
import * as operations from '@muster/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { Moment } from '../../ui/moment.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';

const pageSize = 50;

/** What happened, newest first: to one user, or to all. */
export function LogTable({ userId }: { readonly userId?: string }) {
  const { management } = useWorkplace();
  const pages = useInfiniteQuery({
    queryKey: ['logs', userId],
    initialPageParam: 0,
    queryFn: async ({ pageParam: page }) => {
      const query = { page, per_page: pageSize };
      const { body } =
        userId === undefined
          ? await management.call(operations.listLogs, { query })
          : await management.call(operations.listUserLogs, { parameters: { id: userId }, query });
      return Array.isArray(body) ? body : body.logs;
    },
    getNextPageParam: (last, _all, page) => (last.length < pageSize ? undefined : page + 1),
  });
  if (pages.error) return <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Skeleton height={240} />;
  const events = pages.data.pages.flat();
  if (events.length === 0) return <Empty title={texts.noLogs} />;
  return (
    <Stack>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.date}</Table.Th>
              <Table.Th>{texts.event}</Table.Th>
              <Table.Th>{texts.description}</Table.Th>
              {userId === undefined && <Table.Th>{texts.user}</Table.Th>}
              <Table.Th>{texts.from}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map((event) => (
              <Table.Tr key={event.log_id}>
                <Table.Td>
                  <Moment at={event.date} />
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={event.type?.startsWith('f') ? 'red' : 'blue'} tt="none">
                    {event.type}
                  </Badge>
                </Table.Td>
                <Table.Td>{event.description}</Table.Td>
                {userId === undefined && (
                  <Table.Td>
                    {event.user_id ? (
                      <RouteLink to="/users/$id" params={{ id: event.user_id }}>
                        <bdi>{event.user_name ?? event.user_id}</bdi>
                      </RouteLink>
                    ) : (
                      <bdi>{event.user_name}</bdi>
                    )}
                  </Table.Td>
                )}
                <Table.Td>{event.ip}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {texts.more}
        </Button>
      )}
    </Stack>
  );
}
