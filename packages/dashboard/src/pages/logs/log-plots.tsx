import { Group, Paper, SegmentedControl, SimpleGrid, Skeleton, Title } from '@mantine/core';
import { useMay } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { TimePlot } from '../../ui/time-plot.tsx';
import { type PlotRange, plotRanges, readRange, useStatistics } from './statistics-queries.ts';
import { logTexts } from './texts.ts';

const plots = [
  { label: texts.logins, color: 'var(--mantine-color-indigo-6)', key: 'logins' },
  { label: logTexts.failedLogins, color: 'var(--mantine-color-red-6)', key: 'failed_logins' },
  { label: logTexts.signUps, color: 'var(--mantine-color-teal-6)', key: 'signups' },
] as const;

const ranges: readonly { readonly value: string; readonly label: string }[] = Object.entries(plotRanges).map(
  ([value, { label }]) => ({ value, label }),
);

/** Sign-ins, failures and sign-ups, each by a measure of its own: an attack is seen at a glance. */
export function LogPlots(props: {
  readonly range: PlotRange;
  readonly onChange: (range: PlotRange) => void;
}) {
  const mayRead = useMay('read:stats');
  const found = useStatistics(props.range, mayRead);
  if (!mayRead) return null;
  return (
    <Paper withBorder p="md" role="region" aria-label={logTexts.overTime}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          {logTexts.overTime}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={logTexts.period}
          data={[...ranges]}
          value={props.range}
          onChange={(value) => props.onChange(readRange(value))}
        />
      </Group>
      {found.data ? (
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing={{ base: 'sm', sm: 'xl' }}>
          {plots.map(({ label, color, key }) => (
            <div key={key}>
              <TimePlot
                label={label}
                unit={plotRanges[props.range].unit}
                times={found.data}
                mostNames={4}
                height={64}
                series={[{ name: label, color, read: (time) => time[key] }]}
              />
            </div>
          ))}
        </SimpleGrid>
      ) : (
        <Skeleton height={126} />
      )}
    </Paper>
  );
}
