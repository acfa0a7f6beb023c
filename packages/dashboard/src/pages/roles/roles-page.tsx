import { Button, Group, Skeleton, Stack, Table, Textarea, TextInput, Title } from '@mantine/core';
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
import { useRoles } from './role-queries.ts';
import { roleTexts } from './texts.ts';

/** What users are to applications. */
export function RolesPage() {
  const found = useRoles();
  const mayCreate = useMay('create:roles');
  const [isCreating, setIsCreating] = useState(false);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.roles}
        </Title>
        {mayCreate && <Button onClick={() => setIsCreating(true)}>{roleTexts.create}</Button>}
      </Group>
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={160} />}
      {found.data?.length === 0 && <Empty title={roleTexts.noRoles}>{roleTexts.noRolesHint}</Empty>}
      {found.data !== undefined && found.data.length > 0 && (
        <ListTable minWidth={480}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{roleTexts.name}</Table.Th>
              <Table.Th>{roleTexts.description}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.data.map(({ id, name, description }) => (
              <Table.Tr key={id}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <RouteLink to="/roles/$id" params={{ id }}>
                    <bdi>{name}</bdi>
                  </RouteLink>
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <bdi>{description}</bdi>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {isCreating && <CreateRole onClose={() => setIsCreating(false)} />}
    </Stack>
  );
}

function CreateRole({ onClose }: { readonly onClose: () => void }) {
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const creation = useMutation({
    mutationFn: () => {
      const described = description.trim() === '' ? {} : { description: description.trim() };
      return management.call(operations.createRole, { body: { name: name.trim(), ...described } });
    },
    onSuccess: async ({ body }) => {
      await queries.invalidateQueries({ queryKey: ['roles', 'list'] });
      await navigate({ to: '/roles/$id', params: { id: body.id }, ignoreBlocker: true });
    },
  });
  return (
    <CreateDialog title={roleTexts.create} creation={creation} onClose={onClose} typed={[name, description]}>
      <TextInput
        label={roleTexts.name}
        required
        data-autofocus
        maxLength={255}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={roleTexts.description}
        maxLength={2000}
        autosize
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
    </CreateDialog>
  );
}
