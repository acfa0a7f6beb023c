import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationExercises } from './contract/application-exercises.ts';
import { compareSchemas } from './contract/compare-schemas.ts';
import { connectionExercises } from './contract/connection-exercises.ts';
import { compileAnswers, find, indexOperations, keyOf, readContract } from './contract/document.ts';
import { emailExercises } from './contract/email-exercises.ts';
import { jobExercises } from './contract/job-exercises.ts';
import { logExercises } from './contract/log-exercises.ts';
import { protectionExercises } from './contract/protection-exercises.ts';
import type { Exercises } from './contract/records.ts';
import { roleExercises } from './contract/role-exercises.ts';
import { sessionExercises } from './contract/session-exercises.ts';
import { tenantExercises } from './contract/tenant-exercises.ts';
import { userExercises } from './contract/user-exercises.ts';
import { sendImport } from './support/test-jobs.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/*
 * Holds the server against the published OpenAPI document of the Management API, which is not ours to ship:
 * it lies beside the repository, or where CONTRACT_FILE says.
 */

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Statuses that recorded traffic shows and the document does not declare. */
const documentedExceptions: Readonly<Record<string, readonly number[]>> = {
  'PATCH /resource-servers/{}': [200],
  'DELETE /refresh-tokens/{}': [204],
  'DELETE /roles/{}/permissions': [204],
};

/** What the document takes in a query and we do not, and why. */
const refusedQueryParameters: Readonly<Record<string, readonly string[]>> = {
  // Of the reference's search before `q`; ignoring a filter would answer what was not asked for.
  'GET /logs': ['search'],
};

const contractFile =
  process.env['CONTRACT_FILE'] ??
  resolve(import.meta.dirname, '../../../../shared/contract/management-api.json');
const contract = existsSync(contractFile) ? readContract(contractFile) : undefined;
if (!contract) {
  process.stdout.write(
    `\n!!! CONTRACT TEST SKIPPED: no file at ${contractFile}; set CONTRACT_FILE to the Management API's OpenAPI document !!!\n\n`,
  );
}

/** How every shared operation is called. */
const exercises: Exercises = {
  ...applicationExercises,
  ...connectionExercises,
  ...emailExercises,
  ...jobExercises,
  ...logExercises,
  ...protectionExercises,
  ...roleExercises,
  ...sessionExercises,
  ...userExercises,
  // Last, because revoking a signing key ends the token that all of them are called with.
  ...tenantExercises,
};

describe.skipIf(!contract)('the published contract', () => {
  const document = contract ?? { paths: {}, components: { schemas: {} } };
  const documented = indexOperations(document);
  let server: TestServer;
  let validateAnswer: (key: string, status: number, body: unknown) => readonly string[];

  beforeAll(async () => {
    server = await startTestServer();
    validateAnswer = compileAnswers(document, documented);
  });
  afterAll(() => server.close());

  const implemented = () =>
    server.app.managementApi.operations.map((operation) => ({
      operation,
      key: keyOf(operation.method, operation.path),
    }));

  it('is exercised in every operation that the server implements', () => {
    const shared = implemented()
      .map(({ key }) => key)
      .filter((key) => documented.has(key));
    expect(shared.length).toBeGreaterThan(30);
    expect(Object.keys(exercises).sort()).toEqual(shared.sort());
  });

  it.each(Object.entries(exercises))('holds for the answers of %s', async (key, prepare) => {
    const { path, operation } = find(documented, key);
    const calls = await prepare(server);
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      const values = [...(call.parameters ?? [])];
      const url = path.replaceAll(/\{[^}]+\}/g, () => encodeURIComponent(values.shift() ?? ''));
      const [method = ''] = key.split(' ');
      const answer = call.form
        ? await sendImport(server, '[]', call.form)
        : await server.request(method as Method, url, {
            ...(call.query ? { query: call.query } : {}),
            ...(call.body === undefined ? {} : { body: call.body }),
            ...(call.token === undefined ? {} : { token: call.token }),
          });
      const asked = `${method} ${url} ${JSON.stringify(call.query ?? {})} ${JSON.stringify(call.body ?? null)} answered ${answer.status} ${answer.text.slice(0, 2000)}`;
      expect(answer.status, asked).toBeLessThan(300);
      expect(
        [...Object.keys(operation.responses).map(Number), ...(documentedExceptions[key] ?? [])],
        asked,
      ).toContain(answer.status);
      // RFC 9110 §15.3.5: there is no body that could be held against a schema.
      if (answer.status === 204) expect(answer.text, asked).toBe('');
      else expect(validateAnswer(key, answer.status, answer.body), asked).toEqual([]);
    }
  });

  it('has no property in a request body that we refuse', () => {
    const refused: Record<string, string[]> = {};
    for (const { key, operation } of implemented()) {
      const theirs = documented.get(key)?.operation.requestBody?.content['application/json']?.schema;
      if (!theirs) continue;
      const missing = operation.body
        ? compareSchemas(document, theirs, { ...operation.body })
        : ['the whole body'];
      if (missing.length > 0) refused[key] = missing;
    }
    expect(refused).toEqual({});
  });

  it('has no query parameter that we refuse', () => {
    const refused: string[] = [];
    for (const { key, operation } of implemented()) {
      const known = Object.keys(operation.query?.properties ?? {});
      for (const parameter of documented.get(key)?.operation.parameters ?? []) {
        if (parameter.in !== 'query' || known.includes(parameter.name)) continue;
        if (!refusedQueryParameters[key]?.includes(parameter.name)) refused.push(`${key} ?${parameter.name}`);
      }
    }
    expect(refused).toEqual([]);
  });

  it('names operations that are not implemented, which are printed', () => {
    const done = new Set(implemented().map(({ key }) => key));
    const open = [...documented.entries()].filter(([key]) => !done.has(key));
    const groups = Map.groupBy(open, ([, { path }]) => path.split('/')[1] ?? '');
    const lines = [...groups].map(
      ([group, members]) =>
        `  ${group} (${members.length}): ${members.map(([, { method, path }]) => `${method} ${path}`).join(', ')}`,
    );
    process.stdout.write(
      `\nThe contract has ${documented.size} operations: ${documented.size - open.length} are implemented, ${open.length} are not:\n${lines.join('\n')}\n\n`,
    );
    const beyond = [...done].filter((key) => !documented.has(key));
    process.stdout.write(`Implemented beyond the contract (${beyond.length}): ${beyond.join(', ')}\n\n`);
    expect(documented.size - open.length + beyond.length).toBe(done.size);
  });
});
