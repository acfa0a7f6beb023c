import type { FastifyReply } from 'fastify';
import { createPageHeaders, type Look, type Page, renderPage } from '../pages/index.ts';

/** Answers with a page. */
export function sendPage(reply: FastifyReply, page: Page, look: Look, status = 200): FastifyReply {
  return reply
    .code(status)
    .headers(createPageHeaders(look))
    .header('content-language', look.language)
    .type('text/html; charset=utf-8')
    .send(renderPage(refer(page, reply.request.id), look));
}

/** Gives a page that says what went wrong the name of its request. */
export function refer(page: Page, requestId: string): Page {
  return page.problemCode === undefined ? page : { ...page, reference: requestId };
}
