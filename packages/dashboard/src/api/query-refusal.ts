import { ManagementCallError } from '@muster/contract';

/** What is wrong with a query, and where; the places are of the text without the spaces around it. */
export interface QueryProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What would be right in its place. */
  readonly suggestion?: string;
}

/**
 * Where the server says that a query is wrong: an unknown field, a value of the wrong type. Only of a query that was sent as it
 * was typed.
 */
export function readRefusal(error: unknown): QueryProblem | undefined {
  if (!(error instanceof ManagementCallError) || error.errorCode !== 'invalid_query_string') return undefined;
  const [position, length, suggestion] = ['position', 'length', 'suggestion'].map((key) =>
    Reflect.get(Object(error.body), key),
  );
  if (typeof position !== 'number' || typeof length !== 'number') return undefined;
  return {
    message: error.message.replace(/ \(q\)$/, ''),
    start: position,
    end: position + length,
    ...(typeof suggestion === 'string' ? { suggestion } : {}),
  };
}
