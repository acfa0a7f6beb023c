import { Button, Group, Stack, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { LogDetails } from './log-details.tsx';
import { LogFilters, readKind, readPeriod } from './log-filters.tsx';
import { LogTable } from './log-table.tsx';
import { SignInPlot } from './sign-in-plot.tsx';
import { logTexts } from './texts.ts';

/** Everything that happened in the tenant. What is looked for is in the address, to be shared. */
export function LogsPage() {
  const { q = '', kind, period, event } = useSearch({ from: '/logs' });
  const navigate = useNavigate({ from: '/logs' });
  const queries = useQueryClient();
  const [text, setText] = useState(q);
  const [addressed, setAddressed] = useState(q);
  const [settled] = useDebouncedValue(text, 300);
  if (q !== addressed) {
    // The address was changed by a link or the way back, not by typing.
    setAddressed(q);
    if (q !== settled) setText(q);
  }
  useEffect(() => {
    if (settled !== q && settled === text)
      void navigate({ search: (previous) => ({ ...previous, q: settled || undefined }), replace: true });
  }, [settled, text, q, navigate]);
  const filter = { text: q, kind: readKind(kind), period: readPeriod(period) };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.logs}
        </Title>
        <Button variant="default" onClick={() => void queries.invalidateQueries({ queryKey: ['logs'] })}>
          {logTexts.refresh}
        </Button>
      </Group>
      <SignInPlot />
      <TextInput
        type="search"
        aria-label={logTexts.search}
        placeholder={logTexts.search}
        spellCheck={false}
        autoCapitalize="none"
        value={text}
        onChange={(change) => setText(change.currentTarget.value)}
      />
      <LogFilters
        kind={filter.kind}
        period={filter.period}
        onChange={(change) => void navigate({ search: (previous) => ({ ...previous, ...change }) })}
      />
      <LogTable
        filter={filter}
        onOpen={({ log_id: id }) => void navigate({ search: (previous) => ({ ...previous, event: id }) })}
      />
      {event !== undefined && (
        <LogDetails
          id={event}
          onClose={() => void navigate({ search: (previous) => ({ ...previous, event: undefined }) })}
        />
      )}
    </Stack>
  );
}
