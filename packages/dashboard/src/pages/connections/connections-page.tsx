import { Button, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { nameKindOf, useConnections } from './connection-queries.ts';
import { CreateConnection } from './create-connection.tsx';
import { connectionTexts } from './texts.ts';

/** Where users come from. */
export function ConnectionsPage() {
  const found = useConnections();
  const mayCreate = useMay('create:connections');
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.connections}
        </Title>
        {mayCreate && <Button onClick={() => setIsCreating(true)}>{connectionTexts.create}</Button>}
      </Group>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={160} />}
      {found.data?.length === 0 && (
        <Empty title={connectionTexts.noConnections}>{connectionTexts.noConnectionsHint}</Empty>
      )}
      {found.data !== undefined && found.data.length > 0 && (
        <ListTable minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{connectionTexts.name}</Table.Th>
              <Table.Th>{connectionTexts.kind}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map(({ id = '', name, display_name, strategy }) => (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <RouteLink to="/connections/$id" params={{ id }}>
                    <bdi>{name}</bdi>
                  </RouteLink>
                  {display_name !== undefined && (
                    <Text size="xs" c="dimmed">
                      <bdi>{display_name}</bdi>
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {nameKindOf(strategy)}
                  {strategy !== 'auth0' && (
                    <Text size="xs" c="dimmed">
                      {strategy}
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {isCreating && <CreateConnection onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}
