import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.ts';

/** Deeper JSON than this is refused: PostgreSQL and serializers recurse, and no profile needs it. */
const maximumDepth = 100;

/**
 * Registers the JSON and form parsers, which refuse, with the path, what PostgreSQL could not store. Bodies of the
 * streamed types reach the operation as they arrive; it reads them within limits of its own.
 */
export function registerBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(/^application\/(.+\+)?json/, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), undefined);
    }
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, parseForm(body as Buffer));
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)), undefined);
      }
    },
  );
  server.addContentTypeParser(
    /^(multipart\/form-data|application\/octet-stream)/,
    (_request, payload, done) => done(null, payload),
  );
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decodeText(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse(`Payload validation error: 'Invalid JSON: ${describeSyntaxError(cause)}'.`);
  }
  assertStorable(value);
  return value;
}

function parseForm(bytes: Buffer): Record<string, unknown> {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of new URLSearchParams(decodeText(bytes))) {
    const earlier = fields[name];
    fields[name] =
      earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  }
  const plain = { ...fields };
  assertStorable(plain);
  return plain;
}

function decodeText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw refuse("Payload validation error: 'The body is not valid UTF-8'.");
  return bytes.toString('utf8');
}

/** V8's message quotes the input, which may hold a secret; only its position is told. */
function describeSyntaxError(cause: unknown): string {
  const position =
    cause instanceof Error ? /position \d+( \(line \d+ column \d+\))?/.exec(cause.message)?.[0] : undefined;
  return position ? `unexpected text at ${position}` : 'unexpected end or text';
}

/** A part of a body; its path is put together only for a refusal, since millions of parts have none. */
interface Part {
  readonly value: unknown;
  readonly key: string | number;
  readonly parent: Part | undefined;
  readonly depth: number;
}

/**
 * Walks a parsed body without recursion and refuses, naming the property: keys that reach an object's
 * prototype, NUL characters and lone surrogates (PostgreSQL's text and jsonb hold neither), numbers beyond
 * a double's range, and nesting deeper than 100.
 */
export function assertStorable(root: unknown): void {
  const open: Part[] = [{ value: root, key: '', parent: undefined, depth: 0 }];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { value, depth } = part;
    if (typeof value === 'string') assertText(value, part, 'String');
    else if (typeof value === 'number' && !Number.isFinite(value))
      throw refuseAt('Number is out of range', part);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= maximumDepth) throw refuseAt(`Value is nested deeper than ${maximumDepth} levels`, part);
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++)
        open.push({ value: value[index], key: index, parent: part, depth: depth + 1 });
    } else {
      for (const key of Object.keys(value)) {
        if (key === '__proto__') throw refuseAt(`Additional properties not allowed: ${key}`, part);
        assertText(key, part, 'Property name');
        open.push({ value: Reflect.get(value, key), key, parent: part, depth: depth + 1 });
      }
    }
  }
}

function pathOf({ key, parent }: Part): string {
  if (parent === undefined) return '';
  const above = pathOf(parent);
  if (typeof key === 'number') return `${above}[${key}]`;
  return above ? `${above}.${key}` : key;
}

function assertText(text: string, part: Part, what: 'String' | 'Property name'): void {
  if (text.includes('\0')) throw refuseAt(`${what} contains a NUL character`, part);
  if (!text.isWellFormed()) throw refuseAt(`${what} is not well-formed Unicode`, part);
}

function refuseAt(detail: string, part: Part): ApiError {
  const path = pathOf(part);
  return refuse(`Payload validation error: '${detail}'${path ? ` on property ${path.slice(0, 200)}` : ''}.`);
}

function refuse(message: string): ApiError {
  return new ApiError(400, 'invalid_body', message);
}
