import type { FastifyInstance } from 'fastify';
import type { Database } from '../../platform/database/database.ts';
import { getPicture } from './get-picture.ts';
import { drawLetterPicture } from './letter-picture.ts';

const forGood = 'public, max-age=31536000, immutable';

/**
 * Registers `/avatars/{two letters}.png`, the pictures of users who have none, and `/avatars/{id}`, those that were uploaded.
 * Public and cacheable for good: a new picture has a new address.
 */
export function registerPictureRoutes(
  server: FastifyInstance,
  { database }: { readonly database: Database },
): void {
  server.get<{ Params: { letters: string } }>('/avatars/:letters([a-z]{2}).png', async (request, reply) => {
    reply.header('cache-control', forGood).type('image/png');
    return drawLetterPicture(request.params.letters);
  });
  server.get<{ Params: { id: string } }>('/avatars/:id([A-Za-z0-9]{22})', async (request, reply) => {
    const picture = await getPicture(database, request.params.id);
    if (!picture) return reply.callNotFound();
    // Nothing in it is run, whatever a browser takes it for.
    reply.headers({
      'cache-control': forGood,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    });
    return reply.type(picture.mediaType).send(picture.bytes);
  });
}
