import { ColorSwatch, Group, Text } from '@mantine/core';
import { locale } from '../texts/texts.ts';

export interface Series<Day> {
  readonly name: string;
  readonly color: string;
  readonly read: (day: Day) => number;
}

const size = { width: 720, height: 110 };
const shortDate = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const number = new Intl.NumberFormat(locale);
const nameDay = ({ date }: { readonly date: string }) => shortDate.format(new Date(date));

/** Bars beside each other for every day. The figures are in each day's title, the sums in the legend. */
export function DailyPlot<Day extends { readonly date: string }>(props: {
  readonly label: string;
  readonly days: readonly Day[];
  readonly series: readonly Series<Day>[];
}) {
  const { days, series } = props;
  const highest = Math.max(1, ...days.flatMap((day) => series.map(({ read }) => read(day))));
  const step = size.width / Math.max(1, days.length);
  const width = (step * 0.7) / series.length;
  return (
    <>
      {/* The bars are stretched to the page's width; the dates, which would be with them, stand below. */}
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={props.label}
        width="100%"
        height={size.height}
        style={{ display: 'block' }}
      >
        {days.map((day, index) => (
          <g key={day.date} transform={`translate(${index * step} 0)`}>
            <title>
              {`${nameDay(day)}: ${series.map(({ name, read }) => `${name} ${number.format(read(day))}`).join(', ')}`}
            </title>
            <rect width={step} height={size.height} fill="transparent" />
            {series.map(({ name, color, read }, place) => {
              const height = (read(day) / highest) * size.height;
              return (
                <rect
                  key={name}
                  x={step * 0.15 + place * width}
                  y={size.height - height}
                  width={width}
                  height={height}
                  fill={color}
                />
              );
            })}
          </g>
        ))}
      </svg>
      <div aria-hidden="true" style={{ position: 'relative', height: 20 }}>
        {days.map(
          (day, index) =>
            index % 7 === 0 && (
              <Text
                key={day.date}
                size="xs"
                c="dimmed"
                style={{
                  position: 'absolute',
                  insetInlineStart: `${(100 * index) / days.length}%`,
                  whiteSpace: 'nowrap',
                }}
              >
                {nameDay(day)}
              </Text>
            ),
        )}
      </div>
      <Group gap="md" mt={4}>
        {series.map(({ name, color, read }) => (
          <Group key={name} gap={6}>
            <ColorSwatch color={color} size={10} withShadow={false} />
            <Text size="xs">
              {name}: {number.format(days.reduce((sum, day) => sum + read(day), 0))}
            </Text>
          </Group>
        ))}
      </Group>
    </>
  );
}
