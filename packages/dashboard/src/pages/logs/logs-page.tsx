import { Button, Group, Stack, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { texts } from '../../texts/texts.ts';
import { Empty } from '../../ui/problem.tsx';
import { ProblemPlace } from '../../ui/problem-place.tsx';
import { LogDetails } from './log-details.tsx';
import { LogFilters, readKind, readPeriod } from './log-filters.tsx';
import { LogPlots } from './log-plots.tsx';
import { readLogProblem, useLogs } from './log-queries.ts';
import { LogTable } from './log-table.tsx';
import { readRange } from './statistics-queries.ts';
import { logTexts } from './texts.ts';

/** Everything that happened in the tenant. What is looked for is in the address, to be shared. */
export function LogsPage() {
  const { q = '', kind, period, event, range } = useSearch({ from: '/logs' });
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
  const { error } = useLogs(filter);
  // Of a text that is being changed nothing is said: what was wrong may be right by now.
  const problem = text.trim() === q.trim() ? readLogProblem(q, error) : undefined;
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
      <LogPlots
        range={readRange(range)}
        onChange={(chosen) => void navigate({ search: (previous) => ({ ...previous, range: chosen }) })}
      />
      <TextInput
        type="search"
        aria-label={logTexts.search}
        placeholder={logTexts.searchExample}
        spellCheck={false}
        autoCapitalize="none"
        value={text}
        error={problem?.message}
        onChange={(change) => setText(change.currentTarget.value)}
      />
      {problem && <ProblemPlace text={q.trim()} problem={problem} onWrite={setText} />}
      <LogFilters
        kind={filter.kind}
        period={filter.period}
        onChange={(change) => void navigate({ search: (previous) => ({ ...previous, ...change }) })}
      />
      {problem ? (
        <Empty title={logTexts.notUnderstood} />
      ) : (
        <LogTable
          filter={filter}
          onOpen={({ log_id: id }) => void navigate({ search: (previous) => ({ ...previous, event: id }) })}
        />
      )}
      {event !== undefined && (
        <LogDetails
          id={event}
          onClose={() => void navigate({ search: (previous) => ({ ...previous, event: undefined }) })}
        />
      )}
    </Stack>
  );
}
