import { Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useMay } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { RowRemoval } from '../../../ui/row-removal.tsx';
import { useUserPermissions } from '../../roles/role-queries.ts';
import { roleTexts } from '../../roles/texts.ts';
import { AddPermission } from './add-permission.tsx';
import { isSamePermission, useOwnPermissions } from './own-permissions.ts';

/** What the user may do at APIs, and by which role, so that nobody has to work it out; what is their own is given and taken. */
export function UserPermissions({ id }: { readonly id: string }) {
  const found = useUserPermissions(id);
  const mayChange = useMay('update:users');
  const mayReadApis = useMay('read:resource_servers');
  const own = useOwnPermissions(id);
  const held = (found.data ?? [])
    .filter(({ sources }) => sources.some(isDirect))
    .map(({ resource_server_identifier: identifier = '', permission_name: name = '' }) => ({
      identifier,
      name,
    }));
  return (
    <Stack component="section" gap="xs" aria-label={roleTexts.permissions}>
      <Title order={2} size="h5">
        {roleTexts.permissions}
      </Title>
      {own.error && <Problem error={own.error} />}
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
              {mayChange && <Table.Td />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map(
              ({
                permission_name: name = '',
                resource_server_identifier: identifier = '',
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
                      .map((source) => (isDirect(source) ? roleTexts.ownPermission : source.source_name))
                      .join(', ')}
                  </Table.Td>
                  {mayChange && (
                    <Table.Td ta="end">
                      {sources.some(isDirect) && (
                        <RowRemoval
                          name={fill(roleTexts.takePermission, { name, api })}
                          isPending={
                            own.changing?.kind === 'remove' &&
                            isSamePermission(own.changing.permission, { identifier, name })
                          }
                          onRemove={() => own.remove({ identifier, name })}
                        >
                          {roleTexts.take}
                        </RowRemoval>
                      )}
                    </Table.Td>
                  )}
                </Table.Tr>
              ),
            )}
          </Table.Tbody>
        </ListTable>
      )}
      {mayChange && mayReadApis && found.data !== undefined && (
        <AddPermission held={held} isAdding={own.changing?.kind === 'add'} onAdd={own.add} />
      )}
    </Stack>
  );
}

const isDirect = (source: { readonly source_type: string }) => source.source_type === 'DIRECT';
