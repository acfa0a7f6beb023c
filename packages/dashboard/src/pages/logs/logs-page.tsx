import { Stack, Title } from '@mantine/core';
import { texts } from '../../texts/texts.ts';
import { LogTable } from './log-table.tsx';

/** Everything that happened in the tenant. */
export function LogsPage() {
  return (
    <Stack>
      <Title order={1} size="h2">
        {texts.logs}
      </Title>
      <LogTable />
    </Stack>
  );
}
