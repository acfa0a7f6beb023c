import { locale, texts } from '../texts/texts.ts';

const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });

/** Seconds of each unit, the largest first. */
const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago, in words; the exact time, in the viewer's zone, on hover. */
export function Moment({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{texts.never}</span>;
  const seconds = (new Date(at).getTime() - Date.now()) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return (
    <time dateTime={at} title={exact.format(new Date(at))} style={{ whiteSpace: 'nowrap' }}>
      {relative.format(Math.round(seconds / size), unit)}
    </time>
  );
}
