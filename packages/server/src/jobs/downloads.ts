import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { NotFoundError } from '../platform/http/errors.ts';
import { findFile, readFileFrom } from '../platform/jobs/index.ts';
import type { JobDependencies } from './dependencies.ts';
import { InvalidLinkError } from './errors.ts';
import { assertFileLink, downloadsPath } from './file-links.ts';

/** Registers the downloads that signed links lead to: no token, because the link itself is one. */
export function registerDownloads(server: FastifyInstance, { database, secrets }: JobDependencies): void {
  server.get<{
    Params: { file: string; name: string };
    Querystring: { expires?: unknown; signature?: unknown };
  }>(`${downloadsPath}/:file/:name`, async ({ params, query }, reply) => {
    const fileId = Number(params.file);
    const expires = Number(query.expires);
    if (
      !Number.isSafeInteger(fileId) ||
      !Number.isSafeInteger(expires) ||
      typeof query.signature !== 'string'
    )
      throw new InvalidLinkError(false);
    assertFileLink(secrets, { fileId, name: params.name, expires, signature: query.signature });
    const file = await findFile(database, fileId);
    if (!file) throw new NotFoundError('The file is gone: its time is over. Ask for it again.');
    reply.headers({
      'content-type': params.name.endsWith('.gz')
        ? 'application/gzip'
        : 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="${params.name}"`,
      'content-length': file.size,
      'cache-control': 'private, no-store',
    });
    return reply.send(Readable.from(readFileFrom(database, fileId), { objectMode: false }));
  });
}
