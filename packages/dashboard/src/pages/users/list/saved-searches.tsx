import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState } from 'react';
import { fill } from '../../../texts/texts.ts';
import { RouteLink } from '../../../ui/route-link.tsx';
import { listTexts } from './texts.ts';

interface SavedSearch {
  readonly name: string;
  readonly q: string;
  readonly sort: string;
}

function readSearches(value: string | undefined): SavedSearch[] {
  try {
    const read: unknown = JSON.parse(value ?? '[]');
    if (!Array.isArray(read)) return [];
    return read.flatMap((item: unknown) => {
      const [name, q, sort] = ['name', 'q', 'sort'].map((key) => Reflect.get(Object(item), key));
      return typeof name === 'string' && typeof q === 'string' && typeof sort === 'string'
        ? [{ name, q, sort }]
        : [];
    });
  } catch {
    return [];
  }
}

/** Searches that this person comes back to, kept in their browser; to share one, there is its address. */
export function SavedSearches({ q, sort }: { readonly q: string; readonly sort: string }) {
  const [isOpen, setIsOpen] = useState(true);
  const [name, setName] = useState('');
  const [searches, setSearches] = useLocalStorage<SavedSearch[]>({
    key: 'muster.users.searches',
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: readSearches,
  });
  return (
    <Popover opened={isOpen} onChange={setIsOpen} trapFocus position="bottom-start" withinPortal shadow="md">
      <Popover.Target>
        <Button variant="default" onClick={() => setIsOpen((open) => !open)}>
          {listTexts.savedSearches}
        </Button>
      </Popover.Target>
      <Popover.Dropdown w={320} maw="calc(100vw - 32px)" aria-label={listTexts.savedSearches}>
        <Stack gap="xs">
          {searches.length === 0 && (
            <Text size="sm" c="dimmed">
              {listTexts.noSavedSearches}
            </Text>
          )}
          {searches.map((search) => (
            <Group key={search.name} justify="space-between" wrap="nowrap">
              <RouteLink
                to="/users"
                search={{ q: search.q, sort: search.sort }}
                onClick={() => setIsOpen(false)}
                title={search.q}
              >
                {search.name}
              </RouteLink>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={fill(listTexts.forget, { name: search.name })}
                onClick={() => setSearches(searches.filter((other) => other.name !== search.name))}
              >
                ×
              </ActionIcon>
            </Group>
          ))}
          {q !== '' && (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (name.trim() === '') return;
                const saved = { name: name.trim(), q, sort };
                setSearches([...searches.filter((other) => other.name !== saved.name), saved]);
                setName('');
              }}
            >
              <Group align="end" wrap="nowrap">
                <TextInput
                  label={listTexts.searchName}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                  style={{ flex: 1 }}
                />
                <Button type="submit" disabled={name.trim() === ''}>
                  {listTexts.saveSearch}
                </Button>
              </Group>
            </form>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
