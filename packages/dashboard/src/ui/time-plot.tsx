import { ColorSwatch, Group, Text } from '@mantine/core';
import { locale } from '../texts/texts.ts';

export interface Series<Time> {
  readonly name: string;
  readonly color: string;
  readonly read: (time: Time) => number;
}

const fullWidth = 720;
/** Days are those of UTC, as they are counted; hours are told in the viewer's zone. */
const formats = {
  day: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  hour: new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }),
};
const number = new Intl.NumberFormat(locale);

/** Bars beside each other for every day or hour. The figures are in the title of each, the sums in the legend. */
export function TimePlot<Time extends { readonly date: string }>(props: {
  readonly label: string;
  readonly unit: 'day' | 'hour';
  readonly times: readonly Time[];
  readonly series: readonly Series<Time>[];
  /** How many names of times have room; 5 unless told. */
  readonly mostNames?: number;
  /** Pixels of the highest bar. */
  readonly height?: number;
}) {
  const { times, series, unit, mostNames = 5, height: fullHeight = 110 } = props;
  const nameTime = ({ date }: Time) => formats[unit].format(new Date(date));
  const highest = Math.max(1, ...times.flatMap((time) => series.map(({ read }) => read(time))));
  const step = fullWidth / Math.max(1, times.length);
  const stride = Math.ceil(times.length / mostNames);
  const width = (step * 0.7) / series.length;
  return (
    <>
      {/* What the highest bar stands for: without it one login looks as thousands do. */}
      <Text size="xs" c="dimmed" ta="end" lh={1.2} aria-hidden="true">
        {number.format(highest)}
      </Text>
      {/* The bars are stretched to the page's width; the dates, which would be with them, stand below. */}
      <svg
        viewBox={`0 0 ${fullWidth} ${fullHeight}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={props.label}
        width="100%"
        height={fullHeight}
        style={{
          display: 'block',
          borderBlock: '1px solid var(--mantine-color-default-border)',
          borderBlockStartStyle: 'dashed',
        }}
      >
        {times.map((time, index) => (
          <g key={time.date} transform={`translate(${index * step} 0)`}>
            <title>
              {`${nameTime(time)}: ${series.map(({ name, read }) => `${name} ${number.format(read(time))}`).join(', ')}`}
            </title>
            <rect width={step} height={fullHeight} fill="transparent" />
            {series.map(({ name, color, read }, place) => {
              const height = (read(time) / highest) * fullHeight;
              return (
                <rect
                  key={name}
                  x={step * 0.15 + place * width}
                  y={fullHeight - height}
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
        {times.map(
          (time, index) =>
            index % stride === 0 && (
              <Text
                key={time.date}
                size="xs"
                c="dimmed"
                style={{
                  position: 'absolute',
                  insetInlineStart: `${(100 * index) / times.length}%`,
                  whiteSpace: 'nowrap',
                }}
              >
                {nameTime(time)}
              </Text>
            ),
        )}
      </div>
      <Group gap="md" mt={4}>
        {series.map(({ name, color, read }) => (
          <Group key={name} gap={6}>
            <ColorSwatch color={color} size={10} withShadow={false} />
            <Text size="xs">
              {name}: {number.format(times.reduce((sum, time) => sum + read(time), 0))}
            </Text>
          </Group>
        ))}
      </Group>
    </>
  );
}
