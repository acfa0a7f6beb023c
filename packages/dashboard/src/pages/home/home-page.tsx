import { Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useQuery } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { locale, texts } from '../../texts/texts.ts';
import { Problem } from '../../ui/problem.tsx';
import { TimePlot } from '../../ui/time-plot.tsx';
import { useFirstSteps } from './first-steps.ts';
import { FirstStepsPanel } from './first-steps-panel.tsx';

const number = new Intl.NumberFormat(locale);

/** The tenant at a glance. */
export function HomePage() {
  const { management } = useWorkplace();
  const first = useFirstSteps();
  const found = useQuery({
    queryKey: ['statistics'],
    queryFn: async () => {
      const [days, active, all] = await Promise.all([
        management.call(operations.listDailyStatistics),
        management.call(operations.countActiveUsers),
        management.call(operations.listUsers, { query: { per_page: 0, include_totals: true } }),
      ]);
      const total = !Array.isArray(all.body) && 'total' in all.body ? all.body.total : 0;
      return { days: days.body, active: active.body, total };
    },
  });
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data || first.isLoading) return <Skeleton height={300} />;
  const { days, active, total } = found.data;
  const figures = [
    [texts.totalUsers, total],
    [texts.activeUsers, active],
    [texts.signUps, days.reduce((sum, day) => sum + day.signups, 0)],
  ] as const;
  return (
    <Stack>
      <Title order={1} size="h2">
        {texts.home}
      </Title>
      {first.steps && <FirstStepsPanel steps={first.steps} onHide={first.hide} />}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {figures.map(([label, value]) => (
          <Paper key={label} withBorder p="md">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text fz={28} fw={600}>
              {number.format(value)}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      <Paper withBorder p="md">
        <Title order={2} size="h5" mb="sm">
          {texts.perDay}
        </Title>
        <TimePlot
          label={texts.perDay}
          unit="day"
          times={days}
          series={[
            { name: texts.logins, color: 'var(--mantine-color-indigo-6)', read: (day) => day.logins },
            { name: texts.signUps, color: 'var(--mantine-color-teal-6)', read: (day) => day.signups },
            { name: texts.failures, color: 'var(--mantine-color-red-6)', read: (day) => day.failed_logins },
          ]}
        />
      </Paper>
    </Stack>
  );
}
