import type { FastifyInstance } from 'fastify';
import { drawLetterPicture } from './letter-picture.ts';

/** Registers `/avatars/{two letters}.png`, the pictures of users who have none. Public and cacheable for good. */
export function registerPictureRoutes(server: FastifyInstance): void {
  server.get<{ Params: { letters: string } }>('/avatars/:letters([a-z]{2}).png', async (request, reply) => {
    reply.header('cache-control', 'public, max-age=31536000, immutable').type('image/png');
    return drawLetterPicture(request.params.letters);
  });
}
