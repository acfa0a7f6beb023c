import pg from 'pg';
import { stdSerializers } from 'pino';

/** Parts of PostgreSQL's errors that quote what was written: addresses, ids, hashes. */
const quotingParts = ['detail', 'where', 'hint', 'internalQuery', 'internalPosition', 'dataType'];

/** An error as the log keeps it, without the values that PostgreSQL refused. */
export function serializeError(error: Error): object {
  const serialized = stdSerializers.err(error);
  if (!(error instanceof pg.DatabaseError)) return serialized;
  const kept = Object.fromEntries(
    Object.entries(serialized).filter(([name]) => !quotingParts.includes(name)),
  );
  // Class 22, data exception: the message is about a value, and says it.
  const isAboutValue = error.code?.startsWith('22') === true;
  const message = isAboutValue ? `PostgreSQL refused a value (SQLSTATE ${error.code})` : error.message;
  const stack = (error.stack ?? '').replace(error.message, message);
  return { ...kept, message, stack };
}
