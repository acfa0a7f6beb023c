import { Text } from '@mantine/core';
import { fill } from '../../texts/texts.ts';
import type { LogEvent } from './log-queries.ts';
import { logTexts } from './texts.ts';

/** Changed properties that are named; the details have all. */
const mostNamed = 4;

/** Who did it, where that is somebody else than the user, and which properties changed. */
export function LogSummary({ event }: { readonly event: LogEvent }) {
  const details: unknown = event.details;
  const actor = readPath(details, ['request', 'auth', 'user', 'user_id']);
  const changes = readPath(details, ['changes']);
  const names = typeof changes === 'object' && changes !== null ? Object.keys(changes) : [];
  const by = typeof actor === 'string' ? actor : event.type === 'sapi' ? event.client_name : undefined;
  const rest = names.length - mostNamed;
  const named = names.slice(0, mostNamed).join(', ') + (rest > 0 ? ` +${rest}` : '');
  if (by === undefined && named === '') return null;
  return (
    <Text size="xs" c="dimmed" component="div">
      {by !== undefined && (
        <>
          {logTexts.by} <bdi>{by}</bdi>
        </>
      )}
      {by !== undefined && named !== '' && ' · '}
      {named !== '' && <bdi>{fill(logTexts.changedProperties, { names: named })}</bdi>}
    </Text>
  );
}

function readPath(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => Reflect.get(Object(found), key), value);
}
