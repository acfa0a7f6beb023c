import { Badge, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { type Message, nameKind, useMessages } from './message-queries.ts';
import { messageTexts } from './texts.ts';

const colors = { pending: 'blue', sent: 'teal', failed: 'red', kept: 'gray' } as const;

/** What was sent or waits to be, newest first. */
export function Outbox({ userId }: { readonly userId: string | undefined }) {
  const pages = useMessages(userId);
  if (pages.error) return <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Skeleton height={240} />;
  // Mail that came meanwhile moves the rest to later pages.
  const messages = new Map(pages.data.pages.flat().map((message) => [message.id, message]));
  return (
    <Stack>
      {userId !== undefined && (
        <Group gap="xs">
          <Text size="sm">
            {messageTexts.onlyOf} <bdi>{userId}</bdi>
          </Text>
          <RouteLink to="/messages">{messageTexts.everybody}</RouteLink>
        </Group>
      )}
      {messages.size === 0 ? (
        <Empty title={messageTexts.noMessages}>{messageTexts.noMessagesHint}</Empty>
      ) : (
        <ListTable minWidth={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{messageTexts.recipient}</Table.Th>
              <Table.Th>{messageTexts.subject}</Table.Th>
              <Table.Th>{messageTexts.status}</Table.Th>
              <Table.Th>{messageTexts.queued}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...messages.values()].map((message) => (
              <Row key={message.id} message={message} />
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {messageTexts.moreMessages}
        </Button>
      )}
    </Stack>
  );
}

function Row({ message }: { readonly message: Message }) {
  return (
    <Table.Tr>
      <Table.Td>
        <RouteLink to="/messages/$id" params={{ id: String(message.id) }}>
          <bdi>{message.to}</bdi>
        </RouteLink>
      </Table.Td>
      <Table.Td>
        <bdi>{message.subject}</bdi>
        <Text size={message.subject === undefined ? 'sm' : 'xs'} c="dimmed">
          {nameKind(message.kind)}
        </Text>
      </Table.Td>
      <Table.Td>
        <MessageStatus message={message} />
        {message.status === 'failed' && (
          <Text size="xs" c="dimmed" truncate maw="min(240px, calc(100vw - 32px))">
            {message.failure}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Moment at={message.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}

/** How far a message is. */
export function MessageStatus({ message }: { readonly message: Message }) {
  return (
    <Badge variant="dot" tt="none" color={colors[message.status]}>
      {messageTexts[message.status]}
    </Badge>
  );
}
