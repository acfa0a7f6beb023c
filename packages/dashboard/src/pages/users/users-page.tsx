import {
  Avatar,
  Badge,
  Button,
  Group,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useMay } from '../../api/management.ts';
import { fill, texts } from '../../texts/texts.ts';
import { Moment } from '../../ui/moment.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { readSearchText } from './search-text.ts';
import { type User, useUserPages } from './user-queries.ts';

/** Loaded when it is opened: most people come to look. */
const CreateUser = lazy(async () => ({ default: (await import('./create-user.tsx')).CreateUser }));

const columns = [
  { field: 'name', label: texts.user },
  { field: 'connection', label: texts.connection },
  { field: 'last_login', label: texts.lastLogin },
  { field: 'logins_count', label: texts.logins },
  { field: 'created_at', label: texts.created },
] as const;

/** All users: searched, sorted, page by page. What is shown is in the address, to be shared. */
export function UsersPage() {
  const { q: typed = '', sort = 'created_at:-1' } = useSearch({ from: '/users' });
  const navigate = useNavigate({ from: '/users' });
  const [text, setText] = useState(typed);
  const [settled] = useDebouncedValue(text, 250);
  const [isCreating, setIsCreating] = useState(false);
  const mayCreate = useMay('create:users');
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => box.current?.focus()]]);
  useEffect(() => {
    if (settled !== typed)
      void navigate({ search: (previous) => ({ ...previous, q: settled || undefined }), replace: true });
  }, [settled, typed, navigate]);

  const read = readSearchText(typed);
  const pages = useUserPages(
    { q: read.kind === 'query' ? read.q : undefined, sort },
    read.kind !== 'problem',
  );
  const users = pages.data?.pages.flatMap((page) => page.users) ?? [];
  const sortBy = (field: string) =>
    navigate({
      search: (previous) => ({ ...previous, sort: `${field}:${sort === `${field}:-1` ? 1 : -1}` }),
    });
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.users}
        </Title>
        {mayCreate && <Button onClick={() => setIsCreating(true)}>{texts.createUser}</Button>}
      </Group>
      <TextInput
        ref={box}
        type="search"
        aria-label={texts.searchShort}
        placeholder={texts.search}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={read.kind === 'problem' && text === typed ? read.message : undefined}
        spellCheck={false}
        autoCapitalize="none"
      />
      {read.kind === 'query' && read.q !== typed.trim() && (
        <Text size="xs" c="dimmed">
          {texts.searchedFor} <code>{read.q}</code>
        </Text>
      )}
      {pages.error && <Problem error={pages.error} onRetry={() => void pages.refetch()} />}
      {!pages.error && (
        <Table.ScrollContainer minWidth={640}>
          <Table highlightOnHover verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ field, label }) => (
                  <Table.Th key={field} aria-sort={ariaSort(sort, field)}>
                    <UnstyledButton
                      fz="sm"
                      fw={600}
                      aria-label={fill(texts.sort, { column: label })}
                      onClick={() => void sortBy(field)}
                    >
                      {label} {sort === `${field}:1` ? '↑' : sort === `${field}:-1` ? '↓' : ''}
                    </UnstyledButton>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pages.isLoading ? (
                <Placeholders />
              ) : (
                users.map((user) => <Row key={user.user_id} user={user} />)
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {pages.isSuccess && users.length === 0 && <Nobody isSearching={read.kind === 'query'} />}
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {texts.more}
        </Button>
      )}
      {isCreating && (
        <Suspense>
          <CreateUser isOpen onClose={() => setIsCreating(false)} />
        </Suspense>
      )}
    </Stack>
  );
}

function Nobody({ isSearching }: { readonly isSearching: boolean }) {
  return isSearching ? (
    <Empty title={texts.nobodyFound}>{texts.nobodyFoundHint}</Empty>
  ) : (
    <Empty title={texts.noUsers}>{texts.noUsersHint}</Empty>
  );
}

function ariaSort(sort: string, field: string): 'ascending' | 'descending' | 'none' {
  if (sort === `${field}:1`) return 'ascending';
  return sort === `${field}:-1` ? 'descending' : 'none';
}

function Placeholders() {
  return Array.from({ length: 8 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
    <Table.Tr key={index}>
      <Table.Td colSpan={columns.length}>
        <Skeleton height={36} />
      </Table.Td>
    </Table.Tr>
  ));
}

function Row({ user }: { readonly user: User }) {
  const id = user.user_id ?? '';
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="sm" wrap="nowrap">
          <Avatar
            src={user.picture ?? null}
            name={user.name ?? user.email ?? id}
            color="initials"
            alt=""
            size={32}
            imageProps={{ loading: 'lazy' }}
          />
          <div style={{ minWidth: 0 }}>
            <RouteLink to="/users/$id" params={{ id }}>
              <bdi>{user.name ?? user.email ?? id}</bdi>
            </RouteLink>
            {user.blocked === true && (
              <Badge ml="xs" size="xs" color="red">
                {texts.blocked}
              </Badge>
            )}
            <Text size="xs" c="dimmed" truncate maw={320}>
              <bdi>{user.email ?? user.phone_number ?? id}</bdi>
            </Text>
          </div>
        </Group>
      </Table.Td>
      <Table.Td>{user.identities?.[0]?.connection}</Table.Td>
      <Table.Td>
        <Moment at={user.last_login} />
      </Table.Td>
      <Table.Td>{user.logins_count ?? 0}</Table.Td>
      <Table.Td>
        <Moment at={user.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}
