import { ErrorBody } from './errors.ts';
import type { Operation } from './operation.ts';

type Json = Record<string, unknown>;

const refusals: Readonly<Record<number, string>> = {
  400: 'The request does not fit this operation; the message names the field.',
  401: 'No token, or one that is not valid here.',
  403: 'The token lacks a scope, or may not act on this record.',
  404: 'No such record.',
  409: 'It would clash with a record that exists.',
  412: 'The record changed since the `ETag` in `If-Match`.',
  413: 'The body is too large.',
  429: 'Too many requests; see `X-RateLimit-Reset`.',
  503: 'The request took longer than the server allows.',
};

/**
 * Makes the OpenAPI 3.1 document of a list of operations.
 * @param options.serverUrl the public URL with the `/api/v2` base path
 */
export function buildOpenApiDocument(
  operations: readonly Operation[],
  options: { title: string; version: string; serverUrl: string; tokenUrl: string },
): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describeOperation(operation),
    };
  }
  const scopes = [
    ...new Set(operations.flatMap((operation) => [...operation.scopes, ...(operation.requiredScopes ?? [])])),
  ].sort();
  return {
    openapi: '3.1.0',
    info: { title: options.title, version: options.version },
    servers: [{ url: options.serverUrl }],
    paths,
    components: {
      schemas: { Error: ErrorBody },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        clientCredentials: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: options.tokenUrl,
              scopes: Object.fromEntries(scopes.map((scope) => [scope, ''])),
            },
          },
        },
      },
    },
  };
}

function describeOperation(operation: Operation): Json {
  const responses: Record<string, Json> = {};
  for (const [status, schema] of Object.entries(operation.responses)) {
    responses[status] = schema
      ? { description: 'Done.', content: { 'application/json': { schema } } }
      : { description: 'Done; the answer has no body.' };
  }
  for (const status of [400, 401, 403, 429, ...(operation.errors ?? [])].sort()) {
    responses[status] = {
      description: refusals[status] ?? 'Refused.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    };
  }
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    security: [
      { bearer: [] },
      ...operation.scopes.map((scope) => ({
        clientCredentials: [scope, ...(operation.requiredScopes ?? [])],
      })),
    ],
    parameters: [
      ...describeParameters('path', operation.parameters),
      ...describeParameters('query', operation.query),
    ],
    ...(operation.body || operation.bodyType
      ? { requestBody: { required: true, content: describeBody(operation) } }
      : {}),
    responses,
  };
}

function describeBody({ body, bodyType }: Operation): Json {
  switch (bodyType) {
    case 'application/octet-stream':
      return { [bodyType]: { schema: { type: 'string', format: 'binary' } } };
    case 'multipart/form-data': {
      const properties = body && 'properties' in body ? body.properties : {};
      const users = { type: 'string', format: 'binary', description: 'The file.' };
      return { [bodyType]: { schema: { ...body, properties: { users, ...Object(properties) } } } };
    }
    default:
      return {
        'application/json': { schema: body },
        'application/x-www-form-urlencoded': { schema: body },
      };
  }
}

function describeParameters(place: 'path' | 'query', schema: Operation['query']): Json[] {
  if (!schema) return [];
  const required = new Set<string>(schema.required ?? []);
  return Object.entries(schema.properties).map(([name, property]) => {
    const description =
      'description' in property && typeof property.description === 'string'
        ? property.description
        : undefined;
    return {
      name,
      in: place,
      required: place === 'path' || required.has(name),
      ...(description ? { description } : {}),
      schema: property,
    };
  });
}
