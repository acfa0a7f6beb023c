import { Code, Drawer, Group, Skeleton, Stack, Table, Title } from '@mantine/core';
import { texts } from '../../texts/texts.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { Copy } from '../../ui/copy.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useClientNames } from '../applications/client-names.ts';
import { type LogEvent, quote, useLogEvent } from './log-queries.ts';
import { logTexts, nameEvent } from './texts.ts';

/** Everything about one event, and ways to those that belong to it. */
export function LogDetails({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const found = useLogEvent(id);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={logTexts.details}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={240} />}
      {found.data && <Event event={found.data} />}
    </Drawer>
  );
}

function Event({ event }: { readonly event: LogEvent }) {
  const nameClient = useClientNames(event.client_id !== undefined && event.client_name === undefined);
  const json = JSON.stringify(event, null, 2);
  const facts = [
    [texts.date, <Moment key="date" at={event.date} />],
    [texts.description, event.description],
    [
      texts.user,
      event.user_id === undefined ? (
        event.user_name
      ) : (
        <RouteLink key="user" to="/users/$id" params={{ id: event.user_id }}>
          <bdi>{event.user_name ?? event.user_id}</bdi>
        </RouteLink>
      ),
    ],
    [
      logTexts.application,
      event.client_name ?? (event.client_id === undefined ? undefined : nameClient(event.client_id)),
    ],
    [texts.connection, event.connection],
    [texts.from, event.ip],
    [logTexts.userAgent, event.user_agent],
  ] as const;
  const ways = [
    ['user_id', event.user_id, logTexts.sameUser],
    ['ip', event.ip, logTexts.sameAddress],
    ['client_id', event.client_id, logTexts.sameApplication],
  ] as const;
  return (
    <Stack>
      <Title order={2} size="h4">
        {nameEvent(event.type ?? '')} <Code>{event.type}</Code>
      </Title>
      <Table variant="vertical" layout="fixed">
        <Table.Tbody>
          {facts.map(([label, value]) =>
            value === undefined || value === '' ? null : (
              <Table.Tr key={label}>
                <Table.Th w={140}>{label}</Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <bdi>{value}</bdi>
                </Table.Td>
              </Table.Tr>
            ),
          )}
        </Table.Tbody>
      </Table>
      <Group gap="xs">
        {ways.map(([field, value, label]) =>
          value === undefined ? null : (
            <ButtonLink key={field} to="/logs" search={{ q: `${field}:${quote(value)}` }}>
              {label}
            </ButtonLink>
          ),
        )}
        <Copy value={json} />
      </Group>
      <Code block tabIndex={0} dir="ltr">
        {json}
      </Code>
    </Stack>
  );
}
