import { texts } from '../../texts/texts.ts';

interface Day {
  readonly date: string;
  readonly logins: number;
  readonly signups: number;
}

const size = { width: 720, height: 120, bottom: 20 };
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Two bars a day. The figures are in each bar's title, and in the table that screen readers get. */
export function DailyPlot({ days }: { readonly days: readonly Day[] }) {
  const highest = Math.max(1, ...days.map((day) => Math.max(day.logins, day.signups)));
  const step = size.width / Math.max(1, days.length);
  const heightOf = (value: number) => (value / highest) * (size.height - size.bottom);
  return (
    <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={texts.perDay} width="100%">
      {days.map((day, index) => {
        const date = shortDate.format(new Date(day.date));
        const isLabelled = index % 7 === 0;
        return (
          <g key={day.date} transform={`translate(${index * step} 0)`}>
            <title>{`${date}: ${texts.logins} ${day.logins}, ${texts.signUps} ${day.signups}`}</title>
            <rect width={step} height={size.height} fill="transparent" />
            <Bar
              x={step * 0.15}
              width={step * 0.35}
              height={heightOf(day.logins)}
              color="var(--mantine-color-indigo-6)"
            />
            <Bar
              x={step * 0.5}
              width={step * 0.35}
              height={heightOf(day.signups)}
              color="var(--mantine-color-teal-6)"
            />
            {isLabelled && (
              <text x={0} y={size.height - 4} fontSize={8} fill="var(--mantine-color-dimmed)">
                {date}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

function Bar(props: {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly color: string;
}) {
  return (
    <rect
      x={props.x}
      y={size.height - size.bottom - props.height}
      width={props.width}
      height={props.height}
      fill={props.color}
    />
  );
}
