import type { Static, TObject, TSchema } from 'typebox';
import type { Scope } from './scopes.ts';

/**
 * One operation of the Management API: what it takes, what it answers, and who may call it. The server
 * registers its route from this, the OpenAPI document and the typed client are made from it.
 */
export interface Operation<
  Parameters extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TSchema = TSchema,
  Responses extends ResponseSchemas = ResponseSchemas,
> {
  /** Unique, snake case, as official clients know it. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v2`, with `{name}` for path parameters. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Of a method other than GET: it changes nothing, so people who only look may call it. */
  readonly isReading?: true;
  /** Any one of them suffices. */
  readonly scopes: readonly Scope[];
  /** All of these are needed as well. */
  readonly requiredScopes?: readonly Scope[];
  readonly parameters?: Parameters;
  readonly query?: Query;
  readonly body?: Body;
  /**
   * Bodies that are streamed to the handler and not parsed: it reads the form or the bytes itself; `body` then
   * describes the form's fields.
   */
  readonly bodyType?: 'multipart/form-data' | 'application/octet-stream';
  /** Successful answers by status; `null` is an answer without a body. */
  readonly responses: Responses;
  /** Statuses of refusals beyond 400, 401, 403 and 429, which any operation may give. */
  readonly errors?: readonly number[];
}

export type ResponseSchemas = Readonly<Record<number, TSchema | null>>;

export type ParametersOf<O> =
  O extends Operation<infer P, TObject, TSchema, ResponseSchemas> ? Static<P> : never;
export type QueryOf<O> = O extends Operation<TObject, infer Q, TSchema, ResponseSchemas> ? Static<Q> : never;
export type BodyOf<O> = O extends Operation<TObject, TObject, infer B, ResponseSchemas> ? Static<B> : never;

/** The statuses that an operation may succeed with. */
export type StatusOf<Responses extends ResponseSchemas> = keyof Responses & number;

/** Whether calls of the operation change something. */
export function isWriting({ method, isReading }: Pick<Operation, 'method' | 'isReading'>): boolean {
  return method !== 'GET' && isReading !== true;
}

/** Declares an operation; exists to infer the schema types. */
export function defineOperation<
  const Responses extends ResponseSchemas,
  Parameters extends TObject = TObject<Record<never, never>>,
  Query extends TObject = TObject<Record<never, never>>,
  Body extends TSchema = TSchema,
>(operation: Operation<Parameters, Query, Body, Responses>): Operation<Parameters, Query, Body, Responses> {
  return operation;
}
