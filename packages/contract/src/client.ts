import type { Static, TObject, TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { ErrorBody } from './errors.ts';
import type { BodyOf, Operation, ParametersOf, QueryOf, ResponseSchemas } from './operation.ts';

export interface ManagementClientOptions {
  /** Origin of the server, without a slash at its end. */
  readonly url: string;
  /** A Management API access token; asked for at every call, so that it can be renewed. */
  readonly getToken: () => Promise<string> | string;
}

/** What an operation is called with; parts that it does not declare are left out. */
export interface CallInput<O> {
  readonly parameters?: ParametersOf<O>;
  readonly query?: QueryOf<O>;
  readonly body?: BodyOf<O>;
  /** Sent as `If-Match`. */
  readonly ifMatch?: string;
}

type BodyOfAnswer<R extends ResponseSchemas> = {
  [Status in keyof R]: R[Status] extends TSchema ? Static<R[Status]> : undefined;
}[keyof R];

export interface CallAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  /** The version of a user, for `ifMatch`. */
  readonly etag: string | undefined;
}

/** A refusal, with the documented envelope where the server sent one. */
export class ManagementCallError extends Error {
  readonly statusCode: number;
  readonly errorCode: string | undefined;

  constructor(statusCode: number, message: string, errorCode: string | undefined) {
    super(message);
    this.name = 'ManagementCallError';
    this.statusCode = statusCode;
    this.errorCode = errorCode;
  }
}

export interface ManagementClient {
  /** Calls an operation of the contract. @throws ManagementCallError when it is refused */
  call<P extends TObject, Q extends TObject, B extends TSchema, R extends ResponseSchemas>(
    operation: Operation<P, Q, B, R>,
    input?: CallInput<Operation<P, Q, B, R>>,
  ): Promise<CallAnswer<BodyOfAnswer<R>>>;
}

/** A client of the Management API whose types come from the operations themselves; needs `fetch` and nothing else. */
export function createManagementClient(options: ManagementClientOptions): ManagementClient {
  return {
    call: async (operation, input = {}) => {
      const answer = await fetch(
        `${options.url}/api/v2${fillPath(operation.path, input.parameters)}${toQueryString(input.query)}`,
        {
          method: operation.method,
          headers: {
            authorization: `Bearer ${await options.getToken()}`,
            ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(input.ifMatch === undefined ? {} : { 'if-match': input.ifMatch }),
          },
          ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
        },
      );
      const text = await answer.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      if (!answer.ok) throw toCallError(answer.status, body);
      const schema = operation.responses[answer.status];
      if (schema === undefined || (schema !== null && !Check(schema, body))) {
        throw new ManagementCallError(
          answer.status,
          `${operation.id} answered what its contract does not describe`,
          undefined,
        );
      }
      // The check above has just proven it.
      return {
        status: answer.status,
        body: body as BodyOfAnswer<typeof operation.responses>,
        etag: answer.headers.get('etag') ?? undefined,
      };
    },
  };
}

function fillPath(path: string, parameters: unknown): string {
  return path.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(String(Reflect.get(Object(parameters), name))),
  );
}

function toQueryString(query: unknown): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(Object(query))) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) search.append(name, String(item));
  }
  return search.size > 0 ? `?${search}` : '';
}

function toCallError(status: number, body: unknown): ManagementCallError {
  return Check(ErrorBody, body)
    ? new ManagementCallError(status, body.message, body.errorCode)
    : new ManagementCallError(status, `The server answered ${status} without an error body`, undefined);
}
