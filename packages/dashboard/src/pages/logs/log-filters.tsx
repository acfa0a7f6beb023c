import { Group, Select } from '@mantine/core';
import { kinds, type LogKind, type LogPeriod, periods } from './log-queries.ts';
import { logTexts } from './texts.ts';

const toOptions = (named: Readonly<Record<string, { readonly label: string }>>) =>
  Object.entries(named).map(([value, { label }]) => ({ value, label }));

/** Which events, and how far back. */
export function LogFilters(props: {
  readonly kind: LogKind;
  readonly period: LogPeriod;
  readonly onChange: (change: { readonly kind?: LogKind; readonly period?: LogPeriod }) => void;
}) {
  return (
    <Group gap="xs">
      <Select
        aria-label={logTexts.kind}
        data={toOptions(kinds)}
        allowDeselect={false}
        value={props.kind}
        onChange={(value) => props.onChange({ kind: readKind(value) })}
      />
      <Select
        aria-label={logTexts.period}
        data={toOptions(periods)}
        allowDeselect={false}
        value={props.period}
        onChange={(value) => props.onChange({ period: readPeriod(value) })}
      />
    </Group>
  );
}

/** A kind of events that there is. */
export function readKind(value: string | null | undefined): LogKind {
  return isKeyOf(kinds, value) ? value : 'all';
}

/** A period that there is. */
export function readPeriod(value: string | null | undefined): LogPeriod {
  return isKeyOf(periods, value) ? value : 'any';
}

function isKeyOf<Named extends object>(
  named: Named,
  value: string | null | undefined,
): value is Extract<keyof Named, string> {
  return typeof value === 'string' && Object.hasOwn(named, value);
}
