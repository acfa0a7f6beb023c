import { Badge, Button, Code, Group, Skeleton, Stack, Table, TextInput, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { CreateDialog } from '../../ui/create-dialog.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useApis } from './api-queries.ts';
import { apiTexts } from './texts.ts';

/** What tokens are for. */
export function ApisPage() {
  const found = useApis();
  const mayCreate = useMay('create:resource_servers');
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.apis}
        </Title>
        {mayCreate && <Button onClick={() => setIsCreating(true)}>{apiTexts.create}</Button>}
      </Group>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={160} />}
      {found.data !== undefined && found.data.length > 0 && (
        <ListTable minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{apiTexts.name}</Table.Th>
              <Table.Th>{apiTexts.identifier}</Table.Th>
              <Table.Th ta="end">{apiTexts.permissions}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map(({ id = '', name, identifier, scopes, is_system: isSystem }) => (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <RouteLink to="/apis/$id" params={{ id }}>
                    <bdi>{name ?? identifier}</bdi>
                  </RouteLink>{' '}
                  {isSystem === true && (
                    <Badge variant="default" tt="none">
                      {apiTexts.system}
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  <Code style={{ overflowWrap: 'anywhere' }}>{identifier}</Code>
                </Table.Td>
                <Table.Td ta="end" data-label={apiTexts.permissions}>
                  {scopes?.length ?? 0}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {found.data?.every(({ is_system: isSystem }) => isSystem) && (
        <Empty title={apiTexts.noApis}>{apiTexts.noApisHint}</Empty>
      )}
      {isCreating && <CreateApi onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}

function CreateApi({ onClose }: { readonly onClose: () => void }) {
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [identifier, setIdentifier] = useState('');
  const creation = useMutation({
    mutationFn: () =>
      management.call(operations.createResourceServer, {
        body: { name: name.trim(), identifier: identifier.trim(), signing_alg: 'RS256' },
      }),
    onSuccess: async ({ body }) => {
      await queries.invalidateQueries({ queryKey: ['apis'] });
      await navigate({ to: '/apis/$id', params: { id: body.id }, ignoreBlocker: true });
    },
  });
  return (
    <CreateDialog title={apiTexts.create} creation={creation} onClose={onClose} typed={[name, identifier]}>
      <TextInput
        label={apiTexts.name}
        required
        data-autofocus
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={apiTexts.identifier}
        description={apiTexts.identifierHint}
        placeholder="https://orders.example.com"
        required
        spellCheck={false}
        maxLength={600}
        value={identifier}
        onChange={(event) => setIdentifier(event.currentTarget.value)}
      />
    </CreateDialog>
  );
}
