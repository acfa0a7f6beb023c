import type { FastifyReply } from 'fastify';
import { createPageHeaders, type Look, type Page, renderPage } from '../pages/index.ts';

/** Answers with a page. */
export function sendPage(reply: FastifyReply, page: Page, look: Look, status = 200): FastifyReply {
  return reply
    .code(status)
    .headers(createPageHeaders(look))
    .header('content-language', look.language)
    .type('text/html; charset=utf-8')
    .send(renderPage(page, look));
}
