import { Group, Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useState } from 'react';
import { useWorkplace } from '../api/management.ts';
import { readSearchText } from '../pages/users/list/search-text.ts';
import { places } from '../places.ts';
import { fill, texts } from '../texts/texts.ts';
import { paletteTexts } from './texts.ts';

interface Entry {
  readonly key: string;
  readonly kind: string;
  readonly label: string;
  readonly detail?: string | undefined;
  /** Address inside of the dashboard. */
  readonly href: string;
}

const usersAddress = (search: Readonly<Record<string, string>>) => `/users?${new URLSearchParams(search)}`;
const actions: readonly Entry[] = [
  { label: paletteTexts.createUser, href: usersAddress({ create: '1' }) },
  { label: paletteTexts.importUsers, href: '/jobs/import' },
  { label: paletteTexts.exportUsers, href: '/jobs/export' },
  { label: paletteTexts.blockedUsers, href: usersAddress({ q: 'blocked:true' }) },
  { label: paletteTexts.unverifiedUsers, href: usersAddress({ q: 'email_verified:false' }) },
].map((action) => ({ ...action, key: action.href, kind: paletteTexts.action }));
const pages: readonly Entry[] = places.map(({ to, label }) => ({
  key: to,
  kind: paletteTexts.goTo,
  label,
  href: to,
}));
/** Users that are offered at once. */
const mostUsers = 6;

/** Finds users, pages and actions by a few letters; arrows and Enter choose. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { management } = useWorkplace();
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
  const named = [...pages, ...actions].filter(({ label }) =>
    words.every((word) => label.toLowerCase().includes(word)),
  );
  const people = (read.kind === 'query' ? (found.data ?? []) : []).map((user): Entry => {
    const id = user.user_id ?? '';
    return {
      key: id,
      kind: texts.user,
      label: user.name ?? user.email ?? id,
      detail: user.email ?? id,
      href: `/users/${encodeURIComponent(id)}`,
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
            href: usersAddress({ q: text.trim() }),
          },
        ];
  const entries = [...named, ...people, ...everywhere];
  const active = Math.min(chosen, entries.length - 1);
  const go = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    router.history.push(`/dashboard${entry.href}`);
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
