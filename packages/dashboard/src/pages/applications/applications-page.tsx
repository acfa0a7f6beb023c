import { Button, Code, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { applicationTypes, useApplications } from './application-queries.ts';
import { CreateApplication } from './create-application.tsx';
import { applicationTexts } from './texts.ts';

/** What people sign in to, and machines that call APIs. */
export function ApplicationsPage() {
  const found = useApplications();
  const mayCreate = useMay('create:clients');
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.applications}
        </Title>
        {mayCreate && <Button onClick={() => setIsCreating(true)}>{applicationTexts.create}</Button>}
      </Group>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={160} />}
      {found.data?.length === 0 && (
        <Empty title={applicationTexts.noApplications}>{applicationTexts.noApplicationsHint}</Empty>
      )}
      {found.data !== undefined && found.data.length > 0 && (
        <ListTable minWidth={560}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{applicationTexts.name}</Table.Th>
              <Table.Th>{applicationTexts.type}</Table.Th>
              <Table.Th>{applicationTexts.clientId}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map(({ client_id: id = '', name, app_type: type, description }) => (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <RouteLink to="/applications/$id" params={{ id }}>
                    <bdi>{name}</bdi>
                  </RouteLink>
                  {description !== undefined && (
                    <Text size="xs" c="dimmed">
                      <bdi>{description}</bdi>
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{nameType(type)}</Table.Td>
                <Table.Td>
                  <Code>{id}</Code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {isCreating && <CreateApplication onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}

function nameType(type: string | undefined): string {
  const known = applicationTypes.find((one) => one === type);
  return known === undefined ? (type ?? applicationTexts.otherType) : applicationTexts[known];
}
