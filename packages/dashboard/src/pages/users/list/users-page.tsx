import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useMay } from '../../../api/management.ts';
import { texts } from '../../../texts/texts.ts';
import { Empty, Problem } from '../../../ui/problem.tsx';
import { type User, useUserPages } from '../user-queries.ts';
import type { Selection } from './bulk-run.ts';
import { toColumns, useChosenFields } from './columns.ts';
import { gatherVocabulary } from './completion.ts';
import { addCondition } from './filter.ts';
import { ListTools } from './list-tools.tsx';
import { SearchBox } from './search-box.tsx';
import { readSearchText } from './search-text.ts';
import { listTexts } from './texts.ts';
import { UserTable } from './user-table.tsx';

/* What only some come for is loaded after the list stands. */
const CreateUser = lazy(async () => ({ default: (await import('./create-user.tsx')).CreateUser }));
const BulkBar = lazy(async () => ({ default: (await import('./bulk-bar.tsx')).BulkBar }));

const nobody: Selection = { kind: 'some', users: new Map() };
const none: readonly User[] = [];

/** All users: searched, sorted, page by page. What is shown is in the address, to be shared. */
export function UsersPage() {
  const { q: typed = '', sort = 'created_at:-1', create } = useSearch({ from: '/users' });
  const navigate = useNavigate({ from: '/users' });
  const [text, setText] = useState(typed);
  const [addressed, setAddressed] = useState(typed);
  const [settled] = useDebouncedValue(text, 250);
  const [selection, setSelection] = useState<Selection>(nobody);
  const [fields, setFields] = useChosenFields();
  const mayCreate = useMay('create:users');
  if (typed !== addressed) {
    // The address was changed by a link, a filter or the way back, not by typing.
    setAddressed(typed);
    if (typed !== settled) setText(typed);
    setSelection(nobody);
  }
  useEffect(() => {
    if (settled !== typed && settled === text)
      void navigate({ search: (previous) => ({ ...previous, q: settled || undefined }), replace: true });
  }, [settled, text, typed, navigate]);

  const read = useMemo(() => readSearchText(typed), [typed]);
  const q = read.kind === 'query' ? read.q : undefined;
  const pages = useUserPages({ q, sort }, read.kind !== 'problem');
  const users = useMemo(() => pages.data?.pages.flatMap((page) => page.users) ?? none, [pages.data]);
  const columns = useMemo(() => toColumns(fields), [fields]);
  const vocabulary = useMemo(() => gatherVocabulary(users), [users]);
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = pages;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  const isSelected = (id: string) => selection.kind === 'matching' || selection.users.has(id);
  const select = (chosen: readonly User[], isTicked: boolean) => {
    const next = new Map<string, User>(
      selection.kind === 'some' ? selection.users : users.map((user) => [user.user_id ?? '', user]),
    );
    for (const user of chosen) {
      if (isTicked) next.set(user.user_id ?? '', user);
      else next.delete(user.user_id ?? '');
    }
    setSelection({ kind: 'some', users: next });
  };
  const isAnySelected = selection.kind === 'matching' || selection.users.size > 0;
  const show = (change: { q?: string | undefined; sort?: string | undefined; create?: string | undefined }) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) });
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.users}
        </Title>
        {mayCreate && <Button onClick={() => show({ create: '1' })}>{texts.createUser}</Button>}
      </Group>
      <SearchBox
        text={text}
        read={text.trim() === typed.trim() ? read : { kind: 'everybody' }}
        vocabulary={vocabulary}
        onChange={setText}
      />
      <Group gap="xs">
        <ListTools
          q={typed}
          searched={q}
          sort={sort}
          fields={fields}
          vocabulary={vocabulary}
          onAddCondition={(condition) => show({ q: addCondition(q, condition) })}
          onChooseFields={setFields}
        />
      </Group>
      {isAnySelected && (
        <Suspense>
          <BulkBar
            selection={selection}
            q={q}
            mayTakeAll={hasNextPage && users.every((user) => isSelected(user.user_id ?? ''))}
            onSelect={setSelection}
          />
        </Suspense>
      )}
      {pages.error && <Problem error={pages.error} onRetry={() => void pages.refetch()} />}
      {!(pages.error && users.length === 0) && (
        <UserTable
          users={users}
          columns={columns}
          sort={sort}
          isLoading={pages.isLoading}
          isSelected={isSelected}
          onSort={(field) => show({ sort: `${field}:${sort === `${field}:-1` ? 1 : -1}` })}
          onSelect={select}
          onNearEnd={loadMore}
        />
      )}
      {pages.isSuccess && users.length === 0 && (
        <Empty title={read.kind === 'query' ? texts.nobodyFound : texts.noUsers}>
          {read.kind === 'query' ? texts.nobodyFoundHint : texts.noUsersHint}
        </Empty>
      )}
      {pages.isFetchingNextPage && (
        <Text size="sm" c="dimmed" ta="center" role="status">
          {listTexts.loadingMore}
        </Text>
      )}
      {create !== undefined && mayCreate && (
        <Suspense>
          <CreateUser isOpen onClose={() => show({ create: undefined })} />
        </Suspense>
      )}
    </Stack>
  );
}
