import type { Static, TObject, TSchema } from 'typebox';
import type { BodyOf, Operation, ParametersOf, QueryOf, ResponseSchemas } from './operation.ts';

export interface ManagementClientOptions {
  /** Origin of the server, without a slash at its end. */
  readonly url: string;
  /** A Management API access token; asked for at every call, so that it can be renewed. */
  readonly getToken: () => Promise<string> | string;
  /**
   * Whether an answer is what its contract describes; without it answers are trusted, which a client that its server itself
   * delivers may do: the check takes a fifth of its script.
   */
  readonly check?: (schema: TSchema, body: unknown) => boolean;
}

/** What an operation is called with; parts that it does not declare are left out. */
export interface CallInput<O> {
  readonly parameters?: ParametersOf<O>;
  readonly query?: QueryOf<O>;
  readonly body?: BodyOf<O>;
  /** Sent as `If-Match`. */
  readonly ifMatch?: string;
  /** The call is made to its end though the page that makes it is left meanwhile, where its body is short enough for that. */
  readonly outlivesPage?: boolean;
}

/** Bytes that browsers send for pages that are gone. */
const mostOutliving = 60_000;

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
  /** The body as it came: some refusals say more, such as the `position` of what is wrong in a query. */
  readonly body: unknown;

  constructor(statusCode: number, message: string, errorCode: string | undefined, body?: unknown) {
    super(message);
    this.name = 'ManagementCallError';
    this.statusCode = statusCode;
    this.errorCode = errorCode;
    this.body = body;
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
export function createTrustingClient(options: ManagementClientOptions): ManagementClient {
  return {
    call: async (operation, input = {}) => {
      const sent = input.body === undefined ? undefined : JSON.stringify(input.body);
      const answer = await fetch(
        `${options.url}/api/v2${fillPath(operation.path, input.parameters)}${toQueryString(input.query)}`,
        {
          method: operation.method,
          headers: {
            authorization: `Bearer ${await options.getToken()}`,
            ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...(input.ifMatch === undefined ? {} : { 'if-match': input.ifMatch }),
          },
          ...(sent === undefined ? {} : { body: sent }),
          ...(input.outlivesPage === true && isShort(sent) ? { keepalive: true } : {}),
        },
      );
      const text = await answer.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      if (!answer.ok) throw toCallError(answer.status, body);
      const schema = operation.responses[answer.status];
      if (schema === undefined || (schema !== null && options.check?.(schema, body) === false)) {
        throw new ManagementCallError(
          answer.status,
          `${operation.id} answered what its contract does not describe`,
          undefined,
        );
      }
      // The check above has proven it, or the caller trusts the server.
      return {
        status: answer.status,
        body: body as BodyOfAnswer<typeof operation.responses>,
        etag: answer.headers.get('etag') ?? undefined,
      };
    },
  };
}

const isShort = (text = '') => new TextEncoder().encode(text).length <= mostOutliving;

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
  const [message, errorCode] = ['message', 'errorCode'].map((key) => Reflect.get(Object(body), key));
  return typeof message === 'string'
    ? new ManagementCallError(status, message, typeof errorCode === 'string' ? errorCode : undefined, body)
    : new ManagementCallError(status, `The server answered ${status} without an error body`, undefined, body);
}
