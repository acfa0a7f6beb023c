import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useMay } from '../../../api/management.ts';
import { readRefusal } from '../../../api/query-refusal.ts';
import { usePreferences } from '../../../preferences/use-preferences.ts';
import { texts } from '../../../texts/texts.ts';
import { Empty, Problem } from '../../../ui/problem.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { type User, useUserPages } from '../user-queries.ts';
import type { Selection } from './bulk-run.ts';
import { readColumns, shownAtFirst, toColumns, toRootFields } from './columns.ts';
import { addCondition } from './filter.ts';
import { ListCount } from './list-count.tsx';
import { ListTools } from './list-tools.tsx';
import { SearchBox } from './search-box.tsx';
import { readSearchText, type SearchText } from './search-text.ts';
import { listTexts } from './texts.ts';
import { useVocabulary } from './use-vocabulary.ts';
import { UserTable } from './user-table.tsx';

/* What only some come for is loaded after the list stands. */
const CreateUser = lazy(async () => ({ default: (await import('./create-user.tsx')).CreateUser }));
const BulkBar = lazy(async () => ({ default: (await import('./bulk-bar.tsx')).BulkBar }));

const nobody: Selection = { kind: 'some', users: new Map() };
const none: readonly User[] = [];

/** All users: searched, sorted, page by page. What is shown is in the address, to be shared. */
export function UsersPage() {
  const address = useSearch({ from: '/users' });
  const { q: typed = '', sort = 'created_at:-1', create } = address;
  const navigate = useNavigate({ from: '/users' });
  const [text, setText] = useState(typed);
  const [addressed, setAddressed] = useState(typed);
  const [settled] = useDebouncedValue(text, 250);
  const [selection, setSelection] = useState<Selection>(nobody);
  const [isFiltering, setIsFiltering] = useState(false);
  const { fields, isKnown, setFields } = useFields(address.columns);
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

  const understood = useMemo(() => readSearchText(typed), [typed]);
  const q = understood.kind === 'query' ? understood.q : undefined;
  const rootFields = useMemo(() => toRootFields(fields), [fields]);
  const pages = useUserPages({ q, sort, fields: rootFields }, isKnown && understood.kind !== 'problem');
  const refusal = q === typed.trim() ? readRefusal(pages.error) : undefined;
  const read: SearchText = refusal ? { kind: 'problem', ...refusal } : understood;
  // Whoever is not found by a query that is wrong is not everybody: nothing is shown, and nothing can be done to them.
  const isWrong = read.kind === 'problem';
  const users = useMemo(
    () => (isWrong ? none : (pages.data?.pages.flatMap((page) => page.users) ?? none)),
    [pages.data, isWrong],
  );
  const columns = useMemo(() => toColumns(fields), [fields]);
  const vocabulary = useVocabulary(users, isFiltering || /[:_]/.test(text));
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = pages;
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);
  const isSelected = useCallback(
    (id: string) => selection.kind === 'matching' || selection.users.has(id),
    [selection],
  );
  const select = useCallback(
    (chosen: readonly User[], isTicked: boolean) =>
      setSelection((before) => {
        const ticked =
          before.kind === 'some' ? before.users : users.map((user) => [user.user_id ?? '', user] as const);
        const next = new Map<string, User>(ticked);
        for (const user of chosen) {
          if (isTicked) next.set(user.user_id ?? '', user);
          else next.delete(user.user_id ?? '');
        }
        return { kind: 'some', users: next };
      }),
    [users],
  );
  const isAnySelected = !isWrong && (selection.kind === 'matching' || selection.users.size > 0);
  const show = (change: { q?: string | undefined; create?: string }) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) });
  const closeCreation = () =>
    void navigate({ search: (previous) => ({ ...previous, create: undefined }), ignoreBlocker: true });
  const sortBy = useCallback(
    (field: string) =>
      void navigate({
        search: (previous) => ({ ...previous, sort: `${field}:${sort === `${field}:-1` ? 1 : -1}` }),
      }),
    [navigate, sort],
  );
  return (
    <Stack gap="sm">
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
      <Group gap="xs" justify="space-between">
        <Group gap="xs" className="list-tools">
          <ListTools
            q={typed}
            searched={isWrong ? undefined : { q, sort }}
            sort={sort}
            fields={fields}
            vocabulary={vocabulary}
            onFilter={() => setIsFiltering(true)}
            onAddCondition={(condition) => show({ q: addCondition(isWrong ? undefined : q, condition) })}
            onChooseFields={setFields}
          />
        </Group>
        {users.length > 0 && (
          <ListCount
            shown={users.length}
            total={hasNextPage ? pages.data?.pages[0]?.total : users.length}
            q={q}
          />
        )}
      </Group>
      {isAnySelected && (
        <Suspense>
          <BulkBar
            selection={selection}
            q={q}
            fields={fields}
            mayTakeAll={hasNextPage && users.every((user) => isSelected(user.user_id ?? ''))}
            onSelect={setSelection}
          />
        </Suspense>
      )}
      {pages.error && !isWrong && <Problem error={pages.error} onRetry={() => void pages.refetch()} />}
      {!isWrong && !(pages.error && users.length === 0) && (
        <UserTable
          users={users}
          columns={columns}
          sort={sort}
          isLoading={pages.isLoading || !isKnown}
          isSelected={isSelected}
          onSort={sortBy}
          onSelect={select}
          onNearEnd={loadMore}
        />
      )}
      {isWrong && <Empty title={listTexts.notUnderstood}>{listTexts.notUnderstoodHint}</Empty>}
      {!isWrong && pages.isSuccess && users.length === 0 && (
        <Empty title={read.kind === 'query' ? texts.nobodyFound : texts.noUsers}>
          {read.kind === 'query' ? (
            texts.nobodyFoundHint
          ) : (
            <>
              {texts.noUsersHint} <RouteLink to="/jobs/import">{texts.importUsers}</RouteLink>
            </>
          )}
        </Empty>
      )}
      {pages.isFetchingNextPage && (
        <Text size="sm" c="dimmed" ta="center" role="status">
          {listTexts.loadingMore}
        </Text>
      )}
      {create !== undefined && mayCreate && (
        <Suspense>
          <CreateUser onClose={closeCreation} />
        </Suspense>
      )}
    </Stack>
  );
}

/**
 * The columns of the address, so that who opens it sees the same; without them those that this person chose last, which are then
 * put there. `isKnown` is false until either is there: a list is asked for once, with what it shows.
 */
function useFields(addressed: string | undefined) {
  const navigate = useNavigate({ from: '/users' });
  const { values, standing, save } = usePreferences();
  const chosen = values.user_columns ?? shownAtFirst;
  const fields = useMemo(() => readColumns(addressed) ?? chosen, [addressed, chosen]);
  const write = (columns: readonly string[]) =>
    void navigate({ search: (previous) => ({ ...previous, columns: columns.join(',') }), replace: true });
  // Not while they are those of an earlier visit: what another device chose since would never be shown.
  const isToBeWritten =
    addressed === undefined && standing === 'settled' && chosen.join(',') !== shownAtFirst.join(',');
  useEffect(() => {
    if (isToBeWritten)
      void navigate({ search: (previous) => ({ ...previous, columns: chosen.join(',') }), replace: true });
  }, [isToBeWritten, chosen, navigate]);
  return {
    fields,
    isKnown: addressed !== undefined || standing !== 'unknown',
    setFields: (next: readonly string[]) => {
      save(() => ({ user_columns: [...next] }));
      write(next);
    },
  };
}
