import type { EmailTemplateName } from '@muster/contract';
import type { Template } from './message-queries.ts';

/** Seconds that a link holds where its template does not say. */
export const defaultLinkLifetime = 432_000;

/** A template that says nothing of its own: every empty part is the built-in one's. */
export function makeEmptyTemplate(name: EmailTemplateName): Template {
  return {
    template: name,
    body: null,
    from: null,
    subject: null,
    syntax: 'liquid',
    enabled: isOn(name, null),
    urlLifetimeInSeconds: defaultLinkLifetime,
  };
}

/** Whether mail of this kind is sent. Nobody asked for a welcome, so it is off until somebody turns it on. */
export function isOn(name: EmailTemplateName, template: Template | null): boolean {
  return template?.enabled ?? name !== 'welcome_email';
}
