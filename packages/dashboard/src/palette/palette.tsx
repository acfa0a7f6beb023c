import { Group, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import * as operations from '@muster/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useMay, useWorkplace } from '../api/management.ts';
import { readSearchText } from '../pages/users/list/search-text.ts';
import { places } from '../places.ts';
import { fill, texts } from '../texts/texts.ts';
import { showToast } from '../ui/toasts.tsx';
import { paletteTexts } from './texts.ts';

interface Entry {
  readonly key: string;
  readonly kind: string;
  readonly label: string;
  readonly detail?: string | undefined;
  /** Address inside of the dashboard, or what is done instead. */
  readonly target: string | (() => void);
}

const usersAddress = (search: Readonly<Record<string, string>>) => `/users?${new URLSearchParams(search)}`;
/** With the scope that they need. */
const actions = [
  { label: paletteTexts.createUser, target: usersAddress({ create: '1' }), scope: 'create:users' },
  { label: paletteTexts.importUsers, target: '/jobs/import', scope: 'create:users' },
  { label: paletteTexts.exportUsers, target: '/jobs/export', scope: 'read:users' },
  { label: paletteTexts.blockedUsers, target: usersAddress({ q: 'blocked:true' }), scope: 'read:users' },
  {
    label: paletteTexts.unverifiedUsers,
    target: usersAddress({ q: 'email_verified:false' }),
    scope: 'read:users',
  },
  { label: paletteTexts.deletedUsers, target: '/users/deleted', scope: 'read:users' },
];
const pages: readonly Entry[] = places.map(({ to, label }) => ({
  key: to,
  kind: paletteTexts.goTo,
  label,
  target: to,
}));
/** Users that are offered at once. */
const mostUsers = 6;

/** Finds users, pages and actions by a few letters; arrows and Enter choose. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { management, session } = useWorkplace();
  const router = useRouter();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [settled] = useDebouncedValue(text.trim(), 150);
  const read = readSearchText(settled);
  const found = useQuery({
    queryKey: ['users', 'palette', settled],
    enabled: read.kind === 'query',
    queryFn: async () => {
      const query = { q: read.kind === 'query' ? read.q : '', take: mostUsers };
      const { body } = await management.call(operations.listUsers, { query });
      return Array.isArray(body) ? body : body.users;
    },
  });
  const words = text.toLowerCase().split(/\s+/);
  const offered = actions
    .filter(({ scope }) => session.scopes.has(scope))
    .map((action): Entry => ({ ...action, key: action.target, kind: paletteTexts.action }));
  const applications = useApplicationEntries(text.trim() !== '');
  const ofUser = useUserEntries();
  const named = [...ofUser, ...pages, ...offered, ...applications].filter(({ label }) =>
    words.every((word) => label.toLowerCase().includes(word)),
  );
  const people = (read.kind === 'query' ? (found.data ?? []) : []).map((user): Entry => {
    const id = user.user_id ?? '';
    return {
      key: id,
      kind: texts.user,
      label: user.name ?? user.email ?? id,
      detail: user.email ?? id,
      target: `/users/${encodeURIComponent(id)}`,
    };
  });
  const everywhere: readonly Entry[] =
    text.trim() === ''
      ? []
      : [
          {
            key: 'everywhere',
            kind: texts.users,
            label: fill(paletteTexts.searchAll, { text: text.trim() }),
            target: usersAddress({ q: text.trim() }),
          },
        ];
  const entries = [...named, ...people, ...everywhere];
  const active = Math.min(chosen, entries.length - 1);
  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (typeof entry.target === 'string') router.history.push(`/dashboard${entry.target}`);
    else entry.target();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((active + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(entries[active]);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding="xs"
      yOffset="12vh"
      aria-label={paletteTexts.open}
    >
      <TextInput
        aria-label={paletteTexts.label}
        placeholder={paletteTexts.label}
        data-autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-entries"
        aria-activedescendant={entries.length > 0 ? `palette-${active}` : undefined}
        value={text}
        spellCheck={false}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={press}
      />
      <Stack
        gap={0}
        mt="xs"
        mah="50vh"
        style={{ overflowY: 'auto' }}
        role="listbox"
        id="palette-entries"
        aria-label={paletteTexts.label}
      >
        {entries.map((entry, index) => (
          <UnstyledButton
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            p="xs"
            style={{
              borderRadius: 'var(--mantine-radius-sm)',
              background: index === active ? 'var(--mantine-color-default-hover)' : undefined,
            }}
            onMouseMove={() => setChosen(index)}
            onClick={() => go(entry)}
          >
            <Group justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text size="sm" truncate>
                  <bdi>{entry.label}</bdi>
                </Text>
                {entry.detail !== undefined && (
                  <Text size="xs" c="dimmed" truncate>
                    <bdi>{entry.detail}</bdi>
                  </Text>
                )}
              </div>
              <Text size="xs" c="dimmed">
                {entry.kind}
              </Text>
            </Group>
          </UnstyledButton>
        ))}
      </Stack>
      {entries.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          {paletteTexts.nothing}
        </Text>
      )}
    </Modal>
  );
}

/** Applications by their names, once somebody types. */
function useApplicationEntries(isEnabled: boolean): readonly Entry[] {
  const { management } = useWorkplace();
  const mayRead = useMay('read:clients');
  const found = useQuery({
    queryKey: ['clients', 'palette'],
    enabled: isEnabled && mayRead,
    staleTime: 60_000,
    queryFn: async () => {
      const query = { fields: 'client_id,name', include_fields: true, per_page: 100, page: 0 };
      const { body } = await management.call(operations.listClients, { query });
      return Array.isArray(body) ? body : body.clients;
    },
  });
  return (isEnabled ? (found.data ?? []) : []).map(({ client_id: id = '', name = '' }) => ({
    key: `application ${id}`,
    kind: paletteTexts.application,
    label: name,
    detail: id,
    target: `/applications/${encodeURIComponent(id)}`,
  }));
}

/** What may be done with the user whose page is open. */
function useUserEntries(): readonly Entry[] {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayChange = useMay('update:users');
  const mayMail = useMay('create:user_tickets');
  const id = useParams({
    strict: false,
    select: ({ id: own = '' }) => (own.includes('|') ? own : undefined),
  });
  const { data } = useQuery({
    queryKey: ['user', id],
    enabled: id !== undefined,
    queryFn: async () => {
      const { body, etag } = await management.call(operations.getUser, { parameters: { id: id ?? '' } });
      return { user: body, etag };
    },
  });
  if (id === undefined || !data) return [];
  const { user } = data;
  const name = user.name ?? user.email ?? id;
  const tell = (text: string) => (problem?: unknown) =>
    showToast({ text: problem instanceof Error ? problem.message : text });
  const setBlocked = (blocked: boolean) =>
    void management
      .call(operations.updateUser, { parameters: { id }, body: { blocked } })
      .then(() => queries.invalidateQueries({ queryKey: ['user', id] }))
      .then(() => tell(blocked ? paletteTexts.blocked : paletteTexts.unblocked)(), tell(''));
  const mail = () =>
    void management
      .call(operations.sendPasswordResetEmail, { parameters: { id } })
      .then(() => tell(texts.verificationQueued)(), tell(''));
  const isBlocked = user.blocked === true;
  const canMail = mayMail && user.email !== undefined && user.identities?.[0]?.provider === 'auth0';
  const tabs = [
    ['metadata', texts.metadata],
    ['access', texts.sessions],
    ['history', texts.history],
  ] as const;
  const entry = (label: string, target: Entry['target']): Entry => ({
    key: `user ${label}`,
    kind: paletteTexts.thisUser,
    label,
    detail: name,
    target,
  });
  // What only leads somewhere stands first: Enter on an empty palette changes nothing.
  return [
    ...tabs.map(([tab, label]) => entry(label, `/users/${encodeURIComponent(id)}?tab=${tab}`)),
    ...(mayChange ? [entry(isBlocked ? texts.unblock : texts.block, () => setBlocked(!isBlocked))] : []),
    ...(canMail ? [entry(paletteTexts.resetMail, mail)] : []),
  ];
}
