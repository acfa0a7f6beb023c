import type { FastifyInstance } from 'fastify';
import { fill, type Look, type Page } from '../pages/index.ts';
import { describeVisitor, type Flow } from './flow.ts';

/**
 * Registers `/u/unblock`, where the mail about a block leads. Opening the link only asks: programs that look into links before
 * people do would otherwise give whoever was blocked another round.
 */
export function registerUnblockPages(server: FastifyInstance, flow: Flow): void {
  const { unblocking } = flow;
  if (!unblocking) return;

  server.get(
    '/u/unblock',
    flow.onForm(async (request, reply, form) => {
      const ticket = form['ticket'] ?? '';
      const verdict = await unblocking.inspect(ticket);
      if (!verdict.ok) {
        if (verdict.resultUrl !== undefined) return reply.redirect(verdict.resultUrl, 302);
        return flow.show(request, reply, (look) => describeDeadLink(look, verdict.reason), { status: 400 });
      }
      const csrf = flow.guard.issue(request, reply);
      return flow.show(request, reply, ({ texts }) => {
        const screen = texts['brute-force-protection']['brute-force-protection-unblock'];
        const ip = 'ip' in verdict ? verdict.ip : '';
        return {
          pageTitle: screen.pageTitle,
          title: screen.title,
          description: ip === '' ? screen.everywhere : fill(screen.description, { ip }),
          form: {
            action: '/u/unblock',
            hidden: { ticket, csrf },
            fields: [],
            buttons: [{ label: screen.buttonText }],
          },
        };
      });
    }),
  );

  server.post(
    '/u/unblock',
    flow.onForm(async (request, reply, form) => {
      const verdict = await unblocking.unblock(form['ticket'] ?? '', describeVisitor(request));
      if (verdict.resultUrl !== undefined) return reply.redirect(verdict.resultUrl, 303);
      if (!verdict.ok)
        return flow.show(request, reply, (look) => describeDeadLink(look, verdict.reason), { status: 400 });
      return flow.show(request, reply, ({ texts }) => ({
        ...texts['brute-force-protection']['brute-force-protection-unblock-success'],
        symbol: 'done',
      }));
    }),
  );
}

function describeDeadLink({ texts }: Look, reason: 'unknown' | 'expired' | 'used'): Page {
  const screen = texts['brute-force-protection']['brute-force-protection-unblock-failure'];
  return {
    pageTitle: screen.pageTitle,
    title: screen.title,
    description: screen[reason],
    symbol: 'problem',
    problemCode: 'access_denied',
  };
}
