import { Skeleton, Stack, Switch, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useApplications } from '../applications/application-queries.ts';
import type { Connection } from './connection-queries.ts';
import { connectionTexts } from './texts.ts';

/** Which applications offer the connection; a switch acts at once. */
export function EnabledApplications({ connection }: { readonly connection: Connection }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayChange = useMay('update:connections');
  const applications = useApplications();
  const { id = '' } = connection;
  const enabled = new Set(connection.enabled_clients);
  const change = useMutation({
    mutationFn: (body: operations.BodyOf<typeof operations.updateConnectionClients>) =>
      management.call(operations.updateConnectionClients, { parameters: { id }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  });
  if (applications.error)
    return <Problem error={applications.error} onRetry={() => void applications.refetch()} />;
  if (!applications.data) return <Skeleton height={160} />;
  if (applications.data.length === 0)
    return <Empty title={connectionTexts.noApplications}>{connectionTexts.noApplicationsHint}</Empty>;
  const pending = change.isPending ? change.variables[0] : undefined;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {connectionTexts.enabledHint}
      </Text>
      {change.error && <Problem error={change.error} />}
      {applications.data.map(({ client_id: clientId = '', name = '' }) => (
        <Switch
          key={clientId}
          aria-label={fill(connectionTexts.enable, { name })}
          label={
            <RouteLink to="/applications/$id" params={{ id: clientId }}>
              <bdi>{name}</bdi>
            </RouteLink>
          }
          disabled={!mayChange || change.isPending}
          checked={pending?.client_id === clientId ? pending.status : enabled.has(clientId)}
          onChange={(event) => change.mutate([{ client_id: clientId, status: event.currentTarget.checked }])}
        />
      ))}
    </Stack>
  );
}
