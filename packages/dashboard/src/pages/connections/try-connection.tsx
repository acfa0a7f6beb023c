import { Select, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { Snippet } from '../../ui/snippet.tsx';
import { useApplications } from '../applications/application-queries.ts';
import type { Connection } from './connection-queries.ts';
import { LatestSignIn } from './latest-sign-in.tsx';
import { connectionTexts } from './texts.ts';

/** Public clients must send one (RFC 7636 §4.2). Nobody exchanges the code of a try, so no verifier stands behind it. */
function makeChallenge(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace('=', '');
}

/** An address at which somebody signs in by this connection, in an application of theirs. */
export function TryConnection({ connection }: { readonly connection: Connection }) {
  const { session } = useWorkplace();
  const applications = useApplications();
  const mayReadLogs = useMay('read:logs');
  const [chosen, setChosen] = useState<string | null>(null);
  const [challenge] = useState(makeChallenge);
  if (applications.error)
    return <Problem error={applications.error} onRetry={() => void applications.refetch()} />;
  if (!applications.data) return <Skeleton height={120} />;
  const enabled = new Set(connection.enabled_clients);
  const usable = applications.data.flatMap(({ client_id: clientId, name = '', callbacks }) =>
    clientId !== undefined && enabled.has(clientId) && callbacks?.[0] !== undefined
      ? [{ clientId, name, callback: callbacks[0] }]
      : [],
  );
  // Not the dashboard, where another is: users have no business in it.
  const application =
    usable.find(({ clientId }) => clientId === chosen) ??
    usable.find(({ clientId }) => clientId !== session.clientId) ??
    usable[0];
  if (application === undefined)
    return <Empty title={connectionTexts.tryNone}>{connectionTexts.tryNoneHint}</Empty>;
  const address = `${window.location.origin}/authorize?${new URLSearchParams({
    client_id: application.clientId,
    redirect_uri: application.callback,
    response_type: 'code',
    scope: 'openid profile email',
    connection: connection.name ?? '',
    prompt: 'login',
    state: 'trying-it',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })}`;
  return (
    <Stack maw={640}>
      <Text size="sm">{connectionTexts.tryHint}</Text>
      <Select
        label={connectionTexts.tryApplication}
        data={usable.map(({ clientId, name }) => ({ value: clientId, label: name }))}
        allowDeselect={false}
        value={application.clientId}
        onChange={setChosen}
      />
      <Snippet title={connectionTexts.tryIt} text={address} />
      {mayReadLogs && <LatestSignIn connection={connection.name ?? ''} />}
    </Stack>
  );
}
