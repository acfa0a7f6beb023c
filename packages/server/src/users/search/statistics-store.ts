import { sql } from 'kysely';
import type { Database } from '../../platform/database/database.ts';
import type { ColumnStatistics, FrequentRole, SearchStatistics } from './statistics.ts';

interface StatisticsRow {
  tablename: string;
  attname: string;
  null_frac: number;
  n_distinct: number;
  common_values: string[] | null;
  common_frequencies: number[] | null;
  histogram: string[] | null;
  common_elements: string[] | null;
  element_frequencies: number[] | null;
}

const instantColumns = ['created_at', 'updated_at', 'last_login'];

/** Reads what the last ANALYZE found of the index. */
export async function loadStatistics(database: Database): Promise<SearchStatistics> {
  const { rows: tables } = await sql<{ relname: string; row_count: number }>`
    SELECT relname, reltuples::bigint AS row_count FROM pg_class
    WHERE oid IN ('user_search'::regclass, 'user_search_values'::regclass)`.execute(database);
  const { rows } = await sql<StatisticsRow>`
    SELECT tablename, attname, null_frac, n_distinct, most_common_vals::text::text[] AS common_values,
      most_common_freqs AS common_frequencies, histogram_bounds::text::text[] AS histogram,
      most_common_elems::text::text[] AS common_elements, most_common_elem_freqs AS element_frequencies
    FROM pg_stats
    WHERE tablename IN ('user_search', 'user_search_values')
      AND schemaname = (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = 'user_search'::regclass)`.execute(
    database,
  );
  const countOf = (table: string) =>
    Math.max(0, tables.find(({ relname }) => relname === table)?.row_count ?? 0);
  const entryCount = countOf('user_search');
  const valueCount = countOf('user_search_values');
  const columns = new Map<string, ColumnStatistics>();
  let keys: ColumnStatistics | undefined;
  let termFrequencies = new Map<string, number>();
  let rareFrequency = 0.01;
  let frequentRoles: readonly FrequentRole[] = [];
  for (const row of rows) {
    if (row.tablename === 'user_search_values') {
      if (row.attname === 'key') keys = toColumn(row, valueCount);
    } else if (row.attname === 'terms') {
      const elements = row.common_elements ?? [];
      const frequencies = row.element_frequencies ?? [];
      termFrequencies = new Map(elements.map((element, index) => [element, frequencies[index] ?? 0]));
      // Behind the frequencies stand the smallest and the largest of them.
      rareFrequency = frequencies[elements.length] ?? rareFrequency;
    } else {
      columns.set(row.attname, toColumn(row, entryCount));
      if (row.attname === 'role_ids') frequentRoles = await listFrequentRoles(database, row);
    }
  }
  return { entryCount, valueCount, columns, keys, termFrequencies, rareFrequency, frequentRoles };
}

/** Frequencies of elements are shares of the rows that have any. */
async function listFrequentRoles(
  database: Database,
  { null_frac: without, common_elements: ids, element_frequencies: frequencies }: StatisticsRow,
): Promise<FrequentRole[]> {
  const shares = new Map(ids?.map((id, index) => [id, (frequencies?.[index] ?? 0) * (1 - without)]));
  const { rows } = await sql<Omit<FrequentRole, 'share'>>`
    SELECT id, folded_name FROM roles WHERE id = ANY(${[...shares.keys()]}::text[])`.execute(database);
  return rows.map((role) => ({ ...role, share: shares.get(role.id) ?? 0 }));
}

function toColumn(row: StatisticsRow, rowCount: number): ColumnStatistics {
  const convert = (values: string[] | null): (string | number)[] => {
    if (instantColumns.includes(row.attname))
      return (values ?? []).map((value) =>
        Date.parse(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')),
      );
    return row.attname === 'logins_count' ? (values ?? []).map(Number) : (values ?? []);
  };
  return {
    nullFraction: row.null_frac,
    distinctCount: row.n_distinct < 0 ? -row.n_distinct * rowCount : row.n_distinct,
    commonValues: convert(row.common_values),
    commonFrequencies: row.common_frequencies ?? [],
    histogram: convert(row.histogram),
  };
}
