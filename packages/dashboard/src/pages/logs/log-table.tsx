import { Badge, Button, Skeleton, Stack, Table, UnstyledButton } from '@mantine/core';
import { fill, texts } from '../../texts/texts.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { type LogEvent, type LogFilter, useLogs } from './log-queries.ts';
import { LogSummary } from './log-summary.tsx';
import { logTexts, nameEvent } from './texts.ts';

/** What happened, newest first: to one user, or to all. A click on an event opens it. */
export function LogTable(props: { readonly filter: LogFilter; readonly onOpen: (event: LogEvent) => void }) {
  const { filter } = props;
  const pages = useLogs(filter);
  if (pages.error) return <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Skeleton height={240} />;
  // Events that came meanwhile move the rest to later pages.
  const events = [...new Map(pages.data.pages.flat().map((event) => [event.log_id, event])).values()];
  const isFiltered = filter.text.trim() !== '' || filter.kind !== 'all' || filter.period !== 'any';
  if (events.length === 0)
    return isFiltered ? (
      <Empty title={logTexts.nothingFound}>{logTexts.nothingFoundHint}</Empty>
    ) : (
      <Empty title={texts.noLogs} />
    );
  return (
    <Stack>
      <ListTable minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.date}</Table.Th>
            <Table.Th>{texts.event}</Table.Th>
            <Table.Th>{texts.description}</Table.Th>
            {filter.userId === undefined && <Table.Th>{texts.user}</Table.Th>}
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
                <UnstyledButton
                  display="block"
                  onClick={() => props.onOpen(event)}
                  aria-label={fill(logTexts.showDetails, {
                    event: nameEvent(event.type ?? ''),
                    date: event.date ?? '',
                  })}
                >
                  <Badge
                    variant="light"
                    color={event.type?.startsWith('f') ? 'red' : 'blue'}
                    tt="none"
                    style={{ cursor: 'pointer', display: 'flex' }}
                  >
                    {nameEvent(event.type ?? '')}
                  </Badge>
                </UnstyledButton>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <bdi>{event.description}</bdi>
                <LogSummary event={event} />
              </Table.Td>
              {filter.userId === undefined && (
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
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
      </ListTable>
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {logTexts.more}
        </Button>
      )}
    </Stack>
  );
}
