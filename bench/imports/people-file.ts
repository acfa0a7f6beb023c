import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeDemoUser } from '../../packages/server/src/demo/make-demo-user.ts';

/** Users made at a time. */
const chunk = 2_000;

/** Writes so many people as an import takes them, one JSON object a line, each with a bcrypt hash of its own. */
export async function writePeople(path: string, count: number, seed: number): Promise<void> {
  await pipeline(Readable.from(listPeople(count, seed)), createWriteStream(path));
}

/** Ids begin with this, so that the rows of a file can be told from those of another one. */
export function idPrefix(seed: number): string {
  return seed.toString(16).padStart(2, '0');
}

function* listPeople(count: number, seed: number): Generator<string> {
  for (let first = 0; first < count; first += chunk) {
    let text = '';
    for (let index = first; index < Math.min(count, first + chunk); index++)
      text += `${JSON.stringify(makePerson(seed, index))}\n`;
    yield text;
  }
}

function makePerson(seed: number, index: number): Record<string, unknown> {
  const { user } = makeDemoUser(seed, index);
  const digest = createHash('sha512').update(`${seed} ${index}`).digest();
  const { email, email_verified: emailVerified, name } = user;
  const { given_name: givenName, family_name: familyName, user_metadata, app_metadata } = user;
  return {
    user_id: `${idPrefix(seed)}${digest.toString('hex').slice(0, 22)}`,
    email: email ?? `phone-${seed}-${index}@example.com`,
    email_verified: emailVerified ?? false,
    name,
    given_name: givenName,
    family_name: familyName,
    user_metadata,
    app_metadata,
    password_hash: `$2b$10$${digest.toString('base64').replaceAll('+', '.').slice(0, 53)}`,
  };
}
