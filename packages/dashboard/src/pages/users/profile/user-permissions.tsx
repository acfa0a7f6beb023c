import { Skeleton, Table, Text, Title } from '@mantine/core';
import { texts } from '../../../texts/texts.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useUserPermissions } from '../../roles/role-queries.ts';
import { roleTexts } from '../../roles/texts.ts';

/** What the user may do at APIs, and by which role, so that nobody has to work it out. */
export function UserPermissions({ id }: { readonly id: string }) {
  const found = useUserPermissions(id);
  return (
    <section aria-label={roleTexts.permissions}>
      <Title order={2} size="h5" mb="xs">
        {roleTexts.permissions}
      </Title>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={64} />}
      {found.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          {roleTexts.nothingPermitted}
        </Text>
      )}
      {found.data !== undefined && found.data.length > 0 && (
        <ListTable minWidth={480}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{roleTexts.permission}</Table.Th>
              <Table.Th>{texts.apis}</Table.Th>
              <Table.Th>{roleTexts.comesFrom}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map(
              ({
                permission_name: name,
                resource_server_identifier: identifier,
                resource_server_name: api = identifier,
                description,
                sources,
              }) => (
                <Table.Tr key={`${identifier} ${name}`}>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <Text size="sm" ff="monospace">
                      {name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      <bdi>{description}</bdi>
                    </Text>
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <bdi>{api}</bdi>
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }} data-label={roleTexts.comesFrom}>
                    {sources
                      .map((source) =>
                        source.source_type === 'DIRECT' ? roleTexts.ownPermission : source.source_name,
                      )
                      .join(', ')}
                  </Table.Td>
                </Table.Tr>
              ),
            )}
          </Table.Tbody>
        </ListTable>
      )}
    </section>
  );
}
