import { Paper, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { DailyPlot } from '../../ui/daily-plot.tsx';
import { logTexts } from './texts.ts';

/** Good and failed logins of 30 days: an attack is seen at a glance. */
export function SignInPlot() {
  const { management } = useWorkplace();
  const mayRead = useMay('read:stats');
  const found = useQuery({
    queryKey: ['statistics', 'days'],
    enabled: mayRead,
    queryFn: async () => (await management.call(operations.listDailyStatistics)).body,
  });
  if (!found.data) return null;
  const label = `${texts.logins}, ${logTexts.failedLogins}`;
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h5" mb="sm">
        {label}
      </Title>
      <DailyPlot
        label={label}
        days={found.data}
        series={[
          { name: texts.logins, color: 'var(--mantine-color-indigo-6)', read: (day) => day.logins },
          {
            name: logTexts.failedLogins,
            color: 'var(--mantine-color-red-6)',
            read: (day) => day.failed_logins,
          },
        ]}
      />
    </Paper>
  );
}
