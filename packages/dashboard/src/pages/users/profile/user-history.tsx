import { Stack } from '@mantine/core';
import { useState } from 'react';
import { LogDetails } from '../../logs/log-details.tsx';
import { LogFilters } from '../../logs/log-filters.tsx';
import type { LogFilter } from '../../logs/log-queries.ts';
import { LogTable } from '../../logs/log-table.tsx';

/** What happened to one user and what they did. */
export function UserHistory({ userId }: { readonly userId: string }) {
  const [filter, setFilter] = useState<Pick<LogFilter, 'kind' | 'period'>>({ kind: 'all', period: 'any' });
  const [opened, setOpened] = useState<string>();
  return (
    <Stack>
      <LogFilters {...filter} onChange={(change) => setFilter({ ...filter, ...change })} />
      <LogTable filter={{ ...filter, text: '', userId }} onOpen={({ log_id: id }) => setOpened(id)} />
      {opened !== undefined && <LogDetails id={opened} onClose={() => setOpened(undefined)} />}
    </Stack>
  );
}
