import { once } from 'node:events';
import { access, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from './support/certificate.ts';
import { useDataFolders } from './support/data-folders.ts';
import {
  createUser,
  fetchToken,
  hasUser,
  runImport,
  type SpawnedServer,
  stop,
} from './support/spawned-server.ts';

const { workspace, emptyFolder, preparedFolder, start } = useDataFolders();
const isRoot = process.getuid?.() === 0;

describe('starting', () => {
  it('needs nothing built: the sources run as they are, their processes for jobs too', {
    timeout: 90_000,
  }, async () => {
    const server = start({ MUSTER_DATA_DIR: await preparedFolder() }, { isFromSources: true });
    expect(await runImport(await server.ready)).toMatchObject({
      status: 'completed',
      summary: { inserted: 1 },
    });
    await stop(server);
  });

  it('says in one line that the port is taken, and leaves no database behind', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const folder = await preparedFolder();
    const server = start({ MUSTER_DATA_DIR: folder, PORT: String(port) });
    expect(await server.exited).toBe(1);
    expect(server.output().trim()).toBe(
      `Muster could not start: Port ${port} on 127.0.0.1 is already in use. Stop what listens there, or set PORT to another one.`,
    );
    await expect(access(join(folder, 'postgres/postmaster.pid'))).rejects.toThrow();
    blocker.close();
  });

  it('lets exactly one of two simultaneous first starts win', async () => {
    const folder = emptyFolder();
    const servers = [start({ MUSTER_DATA_DIR: folder }), start({ MUSTER_DATA_DIR: folder })];
    const outcomes = await Promise.allSettled(servers.map((server) => server.ready));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    const loser = servers[outcomes.findIndex((outcome) => outcome.status === 'rejected')];
    expect(loser?.output()).toMatch(/in use by another Muster process/);
    for (const [index, outcome] of outcomes.entries()) {
      const server = servers[index];
      if (server && outcome.status === 'fulfilled') await stop(server);
    }
  });

  it('recovers a data folder whose first start was killed at any moment', async () => {
    const folder = emptyFolder();
    for (const milliseconds of [150, 400, 700, 1000, 1300, 1700, 2200, 2800]) {
      const interrupted = start({ MUSTER_DATA_DIR: folder });
      await Promise.race([wait(milliseconds), interrupted.ready.catch(() => undefined)]);
      interrupted.process.kill('SIGKILL');
      await interrupted.exited;
    }
    const server = start({ MUSTER_DATA_DIR: folder });
    const url = await server.ready;
    expect(await createUser(url, await fetchToken(url), 'after-recovery')).toBe(201);
    await stop(server);
  });

  it('starts although the pid of a stale lock file belongs to another program now', async () => {
    const folder = await preparedFolder();
    await writeFile(
      join(folder, 'postgres/postmaster.pid'),
      `${process.pid}\n${folder}/postgres\n1\n5432\n/tmp\n\n  1 1\nready\n`,
    );
    const server = start({ MUSTER_DATA_DIR: folder });
    await server.ready;
    await stop(server);
  });

  it('names an unknown setting, and suggests the one that was meant', async () => {
    const server = start({ MUSTER_DATA_FOLDER: '/tmp/x' });
    expect(await server.exited).toBe(1);
    expect(server.output().trim()).toBe(
      'Unknown setting MUSTER_DATA_FOLDER (did you mean MUSTER_DATA_DIR?). docs/configuration.md lists every setting.',
    );
  });

  it('names at once a data folder that cannot be, and says what to do', async () => {
    const file = join(workspace(), 'a-file');
    await writeFile(file, '');
    const closed = join(workspace(), 'nobody-writes');
    await mkdir(closed, { mode: 0o555 });
    const nobody = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const noFolder = 'it, or a part of its path, is not a folder';
    const cases: (readonly [string, string, Record<string, string>?])[] = [
      [file, noFolder],
      [join(file, 'data'), noFolder, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' }],
      [join(closed, 'data'), 'this user may not write there'],
    ];
    if (process.platform === 'linux') cases.push(['/proc/1/muster', 'no folder can be made there']);
    const starts = cases.map(async ([folder, reason, environment]) => {
      const server = start({ MUSTER_DATA_DIR: folder, ...environment }, nobody);
      expect(await server.exited, folder).toBe(1);
      expect(server.output().trim()).toBe(
        `Muster could not start: ${folder} cannot be used: ${reason}. Give it to the user that runs Muster, or set MUSTER_DATA_DIR.`,
      );
    });
    await Promise.all(starts);
  });

  it('refuses a database that was set up with another secret key', async () => {
    const folder = await preparedFolder();
    const server = start({
      MUSTER_DATA_DIR: folder,
      MUSTER_SECRET_KEY: 'another secret key than the one before',
    });
    expect(await server.exited).toBe(1);
    expect(server.output()).toMatch(
      /^Muster could not start: The secret key is not the one that this database was set up with\./,
    );
  });

  it('speaks TLS when the two files are given, and names one that cannot be read', async () => {
    const folder = await preparedFolder();
    const { certificate, key } = await makeCertificate();
    const [certificateFile, keyFile] = [join(workspace(), 'certificate.pem'), join(workspace(), 'key.pem')];
    await writeFile(certificateFile, certificate);
    await writeFile(keyFile, key);
    setDefaultCACertificates([...getCACertificates('default'), certificate]);
    const server = start({
      MUSTER_DATA_DIR: folder,
      MUSTER_TLS_CERT_FILE: certificateFile,
      MUSTER_TLS_KEY_FILE: keyFile,
    });
    const url = await server.ready;
    expect(url).toMatch(/^https:/);
    const answer = await fetch(`${url}/healthz`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
    await stop(server);
    const broken = start({
      MUSTER_DATA_DIR: folder,
      MUSTER_TLS_CERT_FILE: '/nowhere.pem',
      MUSTER_TLS_KEY_FILE: keyFile,
    });
    expect(await broken.exited).toBe(1);
    expect(broken.output().trim()).toBe(
      'Muster could not start: MUSTER_TLS_CERT_FILE names /nowhere.pem, which cannot be read.',
    );
  });
});

describe('a server on an existing data folder', () => {
  let folder: string;
  let server: SpawnedServer;
  let url: string;
  beforeAll(async () => {
    folder = await preparedFolder();
    server = start({ MUSTER_DATA_DIR: folder });
    url = await server.ready;
  });
  afterAll(() => stop(server));

  it('is ready again within three seconds', () => {
    // The server's own clock, from its first line of code; a busy test machine gets three times the promise.
    expect(Number(/after ([\d.]+) s/.exec(server.output())?.[1])).toBeLessThan(9);
  });

  it('has it alone: a second start is refused with its pid', async () => {
    const second = start({ MUSTER_DATA_DIR: folder });
    expect(await second.exited).toBe(1);
    expect(second.output().trim()).toBe(
      `Muster could not start: The data folder ${folder} is in use by another Muster process (pid ${server.process.pid}). Stop it, or set MUSTER_DATA_DIR.`,
    );
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  it('keeps the database off the network', async () => {
    const [, , , , socketFolder = '', address] = (
      await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')
    ).split('\n');
    expect(address).toBe('');
    expect(socketFolder).toContain('muster-');
  });
});

// Only root can become somebody else, and only root needs PostgreSQL to run as somebody else.
describe.runIf(isRoot)('as root', () => {
  it('works in a folder that the database user cannot enter, and says where the files are', async () => {
    const closed = join(workspace(), 'closed');
    await mkdir(closed, { mode: 0o700 });
    const folder = join(closed, 'data');
    const server = start({ MUSTER_DATA_DIR: folder });
    const url = await server.ready;
    expect(server.output()).toMatch(/its files are in \/var\/lib\/muster\//);
    expect(await createUser(url, await fetchToken(url), 'elsewhere')).toBe(201);
    await stop(server);
    const again = start({ MUSTER_DATA_DIR: folder });
    const url2 = await again.ready;
    expect(await hasUser(url2, await fetchToken(url2), 'elsewhere')).toBe(true);
    await stop(again);
    await rm((await readFile(join(folder, 'postgres-location'), 'utf8')).trim(), { recursive: true });
  });

  it('works as an ordinary user just the same', async () => {
    const folder = emptyFolder();
    await mkdir(folder);
    await chown(folder, 65_534, 65_534);
    const server = start({ MUSTER_DATA_DIR: folder }, { uid: 65_534, gid: 65_534 });
    const url = await server.ready;
    expect(await createUser(url, await fetchToken(url), 'ordinary')).toBe(201);
    await stop(server);
  });
});
