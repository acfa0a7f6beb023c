import { Code, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkplace } from '../../api/management.ts';
import { Moment } from '../../ui/moment.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { type LogEvent, quote } from '../logs/log-queries.ts';
import { nameEvent } from '../logs/texts.ts';
import { connectionTexts } from './texts.ts';

/** Milliseconds between two looks. */
const pause = 2_000;

/** Waits for somebody to sign in by a connection, wherever they do, and shows what came of it. */
export function LatestSignIn({ connection }: { readonly connection: string }) {
  const { management } = useWorkplace();
  // What was there before does not count.
  const [baseline, setBaseline] = useState<string>();
  const latest = useQuery({
    queryKey: ['logs', 'latest-sign-in', connection],
    refetchInterval: pause,
    queryFn: async () => {
      const q = `connection:${quote(connection)} AND type:(s OR f OR fp OR fu)`;
      const { body } = await management.call(operations.listLogs, { query: { q, page: 0, per_page: 1 } });
      const [event] = Array.isArray(body) ? body : body.logs;
      if (baseline === undefined) setBaseline(event?.log_id ?? '');
      return event ?? null;
    },
  });
  if (latest.error) return <Problem error={latest.error} onRetry={() => void latest.refetch()} />;
  const event = latest.data;
  const isNew = event && baseline !== undefined && event.log_id !== baseline;
  return isNew ? (
    <Outcome event={event} />
  ) : (
    <Group gap="xs">
      <Loader size="xs" aria-hidden="true" />
      <Text size="sm" c="dimmed" role="status">
        {connectionTexts.tryWaiting}
      </Text>
    </Group>
  );
}

/** How it ended, and for a success the user as everybody gets to see them now. */
function Outcome({ event }: { readonly event: LogEvent }) {
  const { management } = useWorkplace();
  const id = event.type === 's' ? event.user_id : undefined;
  const user = useQuery({
    queryKey: ['user', id, 'tried', event.log_id],
    enabled: id !== undefined,
    queryFn: async () => (await management.call(operations.getUser, { parameters: { id: id ?? '' } })).body,
  });
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text size="sm" fw={600} role="status">
          {nameEvent(event.type ?? '')}: <bdi>{event.user_name}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          <Moment at={event.date} /> <bdi>{event.description}</bdi>
        </Text>
        {user.error && <Problem error={user.error} />}
        {id !== undefined && user.data && (
          <>
            <RouteLink to="/users/$id" params={{ id }}>
              {connectionTexts.tryProfile}
            </RouteLink>
            <Code block tabIndex={0} dir="ltr">
              {JSON.stringify(user.data, null, 2)}
            </Code>
          </>
        )}
      </Stack>
    </Paper>
  );
}
