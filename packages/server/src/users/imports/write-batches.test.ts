import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobsFixture, startJobsFixture } from '../../../test/support/jobs-fixture.ts';
import { download, runImport } from '../../../test/support/test-jobs.ts';
import type { TestServer } from '../../../test/support/test-server.ts';

let fixture: JobsFixture;
let server: TestServer;
let connection_id: string;
beforeAll(async () => {
  fixture = await startJobsFixture();
  ({ server, connection_id } = fixture);
});
afterAll(() => fixture.close());

/** More than two batches; 2,000 apart, rows that repeat each other stand in one batch or in two neighbours. */
const rowCount = 7_000;
const distance = 2_000;

interface Fate {
  readonly row: number;
  readonly fate: string;
  readonly errors?: readonly { readonly code: string }[];
}

async function importRows(rows: readonly unknown[], fields: Readonly<Record<string, string>>) {
  const job = await runImport(server, rows, { connection_id, ...fields });
  const report = (await download(server, job.report_location)).trim().split('\n');
  return { job, fates: report.map((line): Fate => JSON.parse(line)) };
}

const describeFate = ({ row, fate, errors = [] }: Fate) =>
  [row, fate, ...errors.map(({ code }) => code)].join(' ');

describe('batches that are written beside each other', () => {
  it.each([
    ['insert', {}, 'failed DUPLICATED_USER'],
    ['upsert', { upsert: 'true' }, 'updated'],
    ['dry run', { upsert: 'true', dry_run: 'true' }, 'updated'],
  ])('have the fates that they have one behind the other: %s', async (name, fields, fateOfKnown) => {
    const mark = name.slice(0, 2);
    const known = [5, 3_100, 6_999];
    for (const index of known)
      await server.request('POST', '/users', {
        body: {
          connection: 'Username-Password-Authentication',
          email: `${mark}${index}@example.com`,
          password: 'Correct-horse-9',
        },
      });
    // Every seventh row repeats the one 2,000 before it.
    const isRepeat = (index: number) => index >= distance && index % 7 === 3;
    const emailOf = (index: number): string =>
      isRepeat(index) ? emailOf(index - distance) : `${mark}${index}@example.com`;
    const rows = Array.from({ length: rowCount }, (_, index) => ({
      email: emailOf(index),
      given_name: 'Given',
    }));

    const { job, fates } = await importRows(rows, fields);

    const seen = new Set<string>();
    const expected = rows.map(({ email }, index) => {
      const isKnown = known.some((place) => email === `${mark}${place}@example.com`);
      const isSeen = seen.has(email);
      seen.add(email);
      const fate =
        isSeen && (!isKnown || name !== 'insert')
          ? 'failed DUPLICATED_USER'
          : isKnown
            ? fateOfKnown
            : 'inserted';
      return `${index + 1} ${fate}`;
    });
    expect(fates.map(describeFate)).toEqual(expected);
    const inserted = expected.filter((line) => line.endsWith('inserted')).length;
    expect(job).toMatchObject({ status: 'completed', summary: { total: rowCount, inserted } });
    const { rows: written } = await sql<{ number: number }>`
      SELECT count(*)::integer AS number FROM users WHERE email LIKE ${`${mark}%`}`.execute(server.database);
    expect(written[0]?.number).toBe(known.length + (name === 'dry run' ? 0 : inserted));
  });

  it('begin again behind one that was refused, so that a repeat of a refused row is inserted', async () => {
    await sql`ALTER TABLE users ADD CONSTRAINT no_poison CHECK (name <> 'poison')`.execute(server.database);
    const rows = Array.from({ length: rowCount }, (_, index) => ({
      email: `poison${index}@example.com`,
      name: 'Name',
    }));
    const last = 2_999; // of the first batch, and repeated in the second
    rows[last] = { email: 'repeated@example.com', name: 'poison' };
    rows[last + distance] = { email: 'repeated@example.com', name: 'Name' };

    const { job, fates } = await importRows(rows, {});
    await sql`ALTER TABLE users DROP CONSTRAINT no_poison`.execute(server.database);

    expect(job).toMatchObject({
      status: 'completed',
      summary: { inserted: rowCount - 1, failed: 1, total: rowCount },
    });
    expect(fates.filter(({ fate }) => fate === 'failed').map(describeFate)).toEqual([
      `${last + 1} failed NOT_PASSED`,
    ]);
    expect(fates.map(({ row }) => row)).toEqual(rows.map((_, index) => index + 1));
  });
});
