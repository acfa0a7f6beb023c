import { expect } from 'vitest';
import type { TestServer } from '../support/test-server.ts';
import type { WireUser } from './evaluate.ts';
import { type NewUser, replaceUsers, userIdOf } from './insert-users.ts';

/** Reads users as callers see them, each by its id, which asks nothing of the index; their roles are added as they are searched. */
export async function readUsers(server: TestServer, userIds: readonly string[]): Promise<WireUser[]> {
  const users: WireUser[] = [];
  for (const userId of userIds) {
    const answer = await server.request('GET', `/users/${encodeURIComponent(userId)}`);
    expect(answer.status, answer.text).toBe(200);
    const { body: roles } = await server.request('GET', `/users/${encodeURIComponent(userId)}/roles`);
    users.push({
      ...answer.body,
      role: roles.map(({ name }: { name: string }) => name),
      role_id: roles.map(({ id }: { id: string }) => id),
    });
  }
  return users;
}

/** Makes these the server's users. @returns how each is shown, by its name in the tests */
export async function fillDirectory(
  server: TestServer,
  users: Readonly<Record<string, NewUser>>,
): Promise<ReadonlyMap<string, WireUser>> {
  const names = Object.keys(users);
  await replaceUsers(server.database, Object.values(users));
  const shown = await readUsers(server, Object.values(users).map(userIdOf));
  return new Map(shown.map((user, index) => [names[index] ?? '', user]));
}
