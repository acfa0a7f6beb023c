import { Button, Group, Skeleton, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { ListTable } from '../../../ui/list-table.tsx';
import { Moment } from '../../../ui/moment.tsx';
import { Empty, Problem } from '../../../ui/problem.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { RowRemoval } from '../../../ui/row-removal.tsx';
import { showToast } from '../../../ui/toasts.tsx';
import { TypedConfirmation } from '../../../ui/typed-confirmation.tsx';
import {
  type DeletedUser,
  useDeletedUserChange,
  useDeletedUsers,
  useRetentionDays,
} from './deleted-queries.ts';
import { deletedTexts } from './texts.ts';
import { useDoerNames } from './use-doer-names.ts';

const nameOf = (user: DeletedUser) => user.name ?? user.email ?? user.username ?? user.user_id;

/** Who was deleted and can still be brought back. */
export function DeletedUsersPage() {
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 250);
  const [purging, setPurging] = useState<DeletedUser>();
  const found = useDeletedUsers(settled);
  const days = useRetentionDays();
  const mayDelete = useMay('delete:users');
  const navigate = useNavigate();
  const restoration = useDeletedUserChange('restore');
  const purge = useDeletedUserChange('purge');
  const users = found.data?.pages.flatMap((page) => page.users) ?? [];
  const nameDoer = useDoerNames(users.map((user) => user.deleted_by));
  const restore = (user: DeletedUser) =>
    restoration.mutate(user.user_id, {
      onSuccess: () =>
        showToast({
          text: fill(deletedTexts.restored, { name: nameOf(user) }),
          action: {
            label: deletedTexts.open,
            run: () => void navigate({ to: '/users/$id', params: { id: user.user_id } }),
          },
        }),
    });
  return (
    <Stack>
      <RouteLink to="/users">{texts.backToUsers}</RouteLink>
      <Title order={1} size="h2">
        {deletedTexts.title}
      </Title>
      {days !== undefined && (
        <Text size="sm" c="dimmed" maw={720}>
          {days === 0 ? deletedTexts.hintOff : fill(deletedTexts.hint, { days })}
        </Text>
      )}
      <TextInput
        type="search"
        aria-label={deletedTexts.search}
        placeholder={deletedTexts.searchExample}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {restoration.error && <Problem error={restoration.error} />}
      {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} />}
      {found.isLoading && <Skeleton height={160} />}
      {found.isSuccess && users.length === 0 && (
        <Empty title={settled === '' ? deletedTexts.nobody : texts.nobodyFound}>
          {settled === '' && deletedTexts.nobodyHint}
        </Empty>
      )}
      {users.length > 0 && (
        <ListTable minWidth={720}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.user}</Table.Th>
              <Table.Th>{texts.connection}</Table.Th>
              <Table.Th>{deletedTexts.deletedAt}</Table.Th>
              <Table.Th>{deletedTexts.until}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.map((user) => (
              <Table.Tr key={user.user_id}>
                <Table.Td maw={320} style={{ overflowWrap: 'anywhere' }}>
                  <Text size="sm" fw={500}>
                    <bdi>{nameOf(user)}</bdi>
                  </Text>
                  <Text size="xs" c="dimmed">
                    <bdi>{user.email === nameOf(user) ? user.user_id : (user.email ?? user.user_id)}</bdi>
                  </Text>
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{user.connection}</Table.Td>
                <Table.Td data-label={deletedTexts.deletedAt}>
                  <Moment at={user.deleted_at} />
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {deletedTexts.deletedBy} <bdi>{nameDoer(user.deleted_by)}</bdi>
                  </Text>
                </Table.Td>
                <Table.Td data-label={deletedTexts.until}>
                  <Moment at={user.restorable_until} />
                </Table.Td>
                <Table.Td>
                  {mayDelete && (
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Button
                        size="compact-sm"
                        variant="default"
                        aria-label={`${deletedTexts.restore}: ${nameOf(user)}`}
                        loading={restoration.isPending && restoration.variables === user.user_id}
                        onClick={() => restore(user)}
                      >
                        {deletedTexts.restore}
                      </Button>
                      <RowRemoval
                        name={`${deletedTexts.purge}: ${nameOf(user)}`}
                        onRemove={() => setPurging(user)}
                      >
                        {deletedTexts.purge}
                      </RowRemoval>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {deletedTexts.more}
        </Button>
      )}
      {purging && (
        <TypedConfirmation
          title={deletedTexts.purgeTitle}
          hint={fill(deletedTexts.purgeHint, { text: purging.email ?? purging.user_id })}
          wanted={purging.email ?? purging.user_id}
          error={purge.error}
          isPending={purge.isPending}
          onConfirm={() => purge.mutate(purging.user_id, { onSuccess: () => setPurging(undefined) })}
          onClose={() => setPurging(undefined)}
        />
      )}
    </Stack>
  );
}
