import { defaultPageSize } from '@muster/contract';
import { InvalidQueryError } from './errors.ts';
import { linkPages } from './page-links.ts';

/** The paging parameters of a list; which of them a list declares is its contract's matter. */
export interface PagingQuery {
  readonly page?: number;
  readonly per_page?: number;
  readonly include_totals?: boolean;
  readonly from?: string;
  readonly take?: number;
}

export interface OffsetPage {
  readonly offset: number;
  readonly limit: number;
}

/** Rows of an offset list with the count of all. */
export interface CountedRows<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** A place in a list that is ordered by creation: the last row seen. */
export interface Checkpoint {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly id: string;
}

/** A list that can be read by offset and by checkpoint. */
export interface ListReader<Row> {
  readByOffset(page: OffsetPage): Promise<CountedRows<Row>>;
  readAfter?(
    checkpoint: Checkpoint | undefined,
    limit: number,
  ): Promise<readonly (Row & { readonly checkpoint: Checkpoint })[]>;
}

/**
 * Answers a list in the form that the query asks for (spec management-api §1.4): a checkpoint page when `take` or
 * `from` is there, else a bare array or, with `include_totals`, the array with its counts.
 */
export async function readList<Row>(
  reader: ListReader<Row>,
  options: {
    readonly key: string;
    readonly query: PagingQuery;
    readonly url: URL;
    readonly present: (row: Row) => unknown;
    readonly hasLinkHeader?: boolean;
    /** Adds `length`, the number of rows, to the counts. */
    readonly hasLength?: boolean;
  },
): Promise<{ body: unknown; headers: Record<string, string> }> {
  const { key, query, present } = options;
  if (reader.readAfter && (query.take !== undefined || query.from !== undefined)) {
    const take = query.take ?? defaultPageSize;
    const rows = await reader.readAfter(query.from ? decodeCheckpoint(query.from) : undefined, take + 1);
    const shown = rows.slice(0, take);
    const last = shown.at(-1);
    const next = rows.length > take && last ? { next: encodeCheckpoint(last.checkpoint) } : {};
    return { body: { [key]: shown.map(present), ...next }, headers: {} };
  }
  const page = toOffsetPage(query);
  const { rows, total } = await reader.readByOffset(page);
  const presented = rows.map(present);
  const current = page.limit === 0 ? 0 : page.offset / page.limit;
  const headers: Record<string, string> = options.hasLinkHeader
    ? { link: linkPages(options.url, { page: current, perPage: page.limit, count: 1, total }) }
    : {};
  if (!query.include_totals) return { body: presented, headers };
  const length = options.hasLength ? { length: presented.length } : {};
  return { body: { start: page.offset, limit: page.limit, ...length, total, [key]: presented }, headers };
}

/** Answers a list that is read by checkpoint alone: the rows, and `next` where more follow. */
export async function readCheckpointList<Row extends { readonly checkpoint: Checkpoint }>(
  readAfter: (checkpoint: Checkpoint | undefined, limit: number) => Promise<readonly Row[]>,
  options: {
    readonly key: string;
    readonly query: Pick<PagingQuery, 'from' | 'take'>;
    readonly present: (row: Row) => unknown;
  },
): Promise<Record<string, unknown>> {
  const { key, query, present } = options;
  const take = query.take ?? defaultPageSize;
  const rows = await readAfter(query.from ? decodeCheckpoint(query.from) : undefined, take + 1);
  const shown = rows.slice(0, take);
  const last = shown.at(-1);
  const next = rows.length > take && last ? { next: encodeCheckpoint(last.checkpoint) } : {};
  return { [key]: shown.map(present), ...next };
}

export function toOffsetPage(query: PagingQuery): OffsetPage {
  const limit = query.per_page ?? defaultPageSize;
  return { offset: (query.page ?? 0) * limit, limit };
}

function encodeCheckpoint(checkpoint: Checkpoint): string {
  return Buffer.from(JSON.stringify([checkpoint.createdAt, checkpoint.id])).toString('base64url');
}

function decodeCheckpoint(text: string): Checkpoint {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [createdAt, id]: unknown[] = Array.isArray(parts) ? parts : [];
    if (
      typeof createdAt === 'string' &&
      typeof id === 'string' &&
      /^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(createdAt) &&
      !Number.isNaN(Date.parse(createdAt)) &&
      !id.includes('\0')
    ) {
      return { createdAt, id };
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new InvalidQueryError(
    "Query validation error: 'Send the `next` of the answer before' on property from (Optional id from which to start selection).",
  );
}
