import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../test/support/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.close());

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object in a document with the path that leads to it. */
function* walk(value: unknown, path = '#'): Generator<[string, Json]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* walk(item, `${path}/${index}`);
  } else if (isObject(value)) {
    yield [path, value];
    for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${path}/${key}`);
  }
}

describe('the OpenAPI document', () => {
  let document: Json & { paths: Record<string, Record<string, Json>>; openapi: string };

  beforeAll(async () => {
    const { status, body, headers } = await server.fetchRaw('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    document = body;
  });

  const operationsOf = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );

  test('is OpenAPI 3.1 and describes every operation that is served', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operationsOf()).toHaveLength(server.app.managementApi.operations.length);
    for (const { path, method } of operationsOf()) {
      const url = `/api/v2${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      expect(
        server.app.server.findRoute({ method: method.toUpperCase() as 'GET', url }),
        `${method} ${path}`,
      ).not.toBeNull();
    }
  });

  test('names every operation once', () => {
    const ids = operationsOf().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9_-]+$/);
  });

  test('declares the parameters of every path, all required', () => {
    for (const { path, operation } of operationsOf()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters as Json[]).filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name).sort(), path).toEqual(inPath.sort());
      for (const parameter of declared) expect(parameter.required).toBe(true);
      const names = (operation.parameters as Json[]).map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test('resolves every reference within itself', () => {
    for (const [path, object] of walk(document)) {
      const reference = object.$ref;
      if (typeof reference !== 'string') continue;
      expect(reference, path).toMatch(/^#\//);
      const target = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), document);
      expect(target, `${path} → ${reference}`).toBeDefined();
    }
  });

  test('describes an answer and a way to authenticate for every operation', () => {
    const { securitySchemes } = document.components as { securitySchemes: Json };
    for (const { path, operation } of operationsOf()) {
      const responses = operation.responses as Record<string, Json>;
      expect(
        Object.keys(responses).some((status) => /^2\d\d$/.test(status)),
        path,
      ).toBe(true);
      for (const [status, response] of Object.entries(responses)) {
        expect(status).toMatch(/^\d{3}$/);
        expect(response.description).toEqual(expect.any(String));
      }
      for (const requirement of operation.security as Json[]) {
        for (const name of Object.keys(requirement)) expect(securitySchemes).toHaveProperty(name);
      }
    }
  });

  test('names the server and the token endpoint by their public URL', () => {
    expect(document.servers).toEqual([{ url: 'http://muster.test/api/v2' }]);
    expect(JSON.stringify(document.components)).toContain('"tokenUrl":"http://muster.test/oauth/token"');
  });
});

describe('the reference page', () => {
  test('loads everything from this server under a strict policy', async () => {
    const { status, text, headers } = await server.fetchRaw('GET', '/docs');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(loaded.length).toBeGreaterThan(4);
    for (const url of loaded) {
      expect(url).toMatch(/^\/(?!\/)/);
      expect((await server.fetchRaw('GET', url)).status, url).toBe(200);
    }
  });

  test('serves nothing else of the package that draws it', async () => {
    for (const file of [
      'package.json',
      'index.html',
      'swagger-ui.js.map',
      '../package.json',
      '%2e%2e/package.json',
    ]) {
      expect((await server.fetchRaw('GET', `/docs/assets/${file}`)).status, file).toBe(404);
    }
  });
});

describe('methods', () => {
  test('HEAD is answered as GET without its body', async () => {
    const get = await server.request('GET', '/stats/active-users');
    const head = await server.request('HEAD', '/stats/active-users');
    expect([head.status, head.text]).toEqual([200, '']);
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    expect((await server.request('HEAD', '/stats/active-users', { token: null })).status).toBe(401);
  });

  test('that no operation has are a 404 in the common envelope', async () => {
    for (const method of ['PUT', 'TRACE', 'PROPFIND'] as const) {
      const answer = await server.app.server.inject({
        method: method as 'PUT',
        url: '/api/v2/stats/active-users',
      });
      expect([answer.statusCode, answer.json()], method).toEqual([
        404,
        { statusCode: 404, error: 'Not Found', message: 'Not Found' },
      ]);
    }
  });
});
