import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { preferenceBounds } from '@muster/contract';
import { useState } from 'react';
import type { SavedSearch } from '../../../preferences/preference-store.ts';
import { usePreferences } from '../../../preferences/use-preferences.ts';
import { fill } from '../../../texts/texts.ts';
import { RouteLink } from '../../../ui/route-link.tsx';
import { listTexts } from './texts.ts';

/** Searches that this person comes back to; to share one, there is its address. */
export function SavedSearches({ q, sort }: { readonly q: string; readonly sort: string }) {
  const [isOpen, setIsOpen] = useState(true);
  const [name, setName] = useState('');
  const { values, save } = usePreferences();
  const searches = values.user_searches ?? [];
  const change = (saved: readonly SavedSearch[], forgotten: string) =>
    save(({ user_searches: kept = [] }) => ({
      user_searches: [...kept.filter((other) => other.name !== forgotten), ...saved],
    }));
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
                onClick={() => change([], search.name)}
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
                change([{ name: name.trim(), q, sort }], name.trim());
                setName('');
              }}
            >
              <Stack gap="xs" align="end">
                <TextInput
                  w="100%"
                  label={listTexts.searchName}
                  value={name}
                  maxLength={preferenceBounds.nameLength}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Button type="submit" disabled={name.trim() === ''}>
                  {listTexts.saveSearch}
                </Button>
              </Stack>
            </form>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
