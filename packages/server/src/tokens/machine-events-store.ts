import { sql } from 'kysely';
import { composeUnchangedParties, type PartiesVersion } from '../applications/index.ts';
import { composeLogInsert, type LogEvent, logColumns, toLogValues } from '../logs/index.ts';
import { combineWrites } from '../platform/combine-writes.ts';
import type { Database } from '../platform/database/database.ts';
import { createStatement } from '../platform/database/statement.ts';

/** An event that counts only if the parties of its request are as they were read. */
interface MachineEvent {
  readonly parties: PartiesVersion;
  readonly event: LogEvent;
}

/** @returns whether the parties were unchanged and the event is written */
export type WriteMachineEvent = (machineEvent: MachineEvent) => Promise<boolean>;

const fieldNames = sql.join(
  ['party_client', 'party_audience', 'party_version', ...logColumns].map(
    (name) => sql`${sql.ref(name)} text`,
  ),
);

const insertEvents = createStatement<'events', { place: number }>(
  (parameter) => sql`
    WITH asked AS MATERIALIZED (
      SELECT asked.* FROM jsonb_to_recordset(${parameter('events')}::jsonb) AS asked (place integer, ${fieldNames})
    ), unchanged AS MATERIALIZED (
      SELECT asked.* FROM asked WHERE EXISTS (${composeUnchangedParties((name) => sql.ref(`asked.${name}`))})
    ), written AS (
      ${composeLogInsert((column) => sql.ref(`unchanged.${column}`), 'unchanged')}
    )
    SELECT place FROM unchanged`,
);

/**
 * Makes the writer of the events of tokens for machines, which many ask for at once: those that come together share a
 * statement, and each is held against its own parties.
 */
export function createMachineEventWriter(database: Database): WriteMachineEvent {
  return combineWrites(async (items: readonly MachineEvent[]) => {
    const events = items.map(({ parties, event }, place) => ({ place, ...parties, ...toLogValues(event) }));
    const rows = await insertEvents(database, { events: JSON.stringify(events) });
    const written = new Set(rows.map(({ place }) => place));
    return items.map((_item, place) => written.has(place));
  });
}
