import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const script = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Colours and places on their way to somewhere else are nobody's barrier; what moves for ever is not waited for. */
const rest = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity).map(({ finished }) => finished))`;

/** Which of axe's rules are asked for; all of them when nothing is said. */
export interface AxeRules {
  readonly only?: readonly string[];
  readonly without?: readonly string[];
}

/**
 * What axe finds wrong with the page as it is shown once it is at rest, a line for each of its rules. Bringing axe into a document takes several
 * times as long as a look at it, so that it is done once; the package that Playwright's users have for it does it twice a look.
 */
export async function findViolations(page: Page, { only, without = [] }: AxeRules = {}): Promise<string[]> {
  await bringAxe(page.mainFrame());
  // One may go away meanwhile, such as that which asks for a token.
  for (const frame of page.frames().slice(1)) await bringAxe(frame).catch(() => undefined);
  await page.evaluate(rest);
  const options: RunOptions = {
    resultTypes: ['violations'],
    ...(only ? { runOnly: { type: 'rule', values: [...only] } } : {}),
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
  };
  return page.evaluate<string[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
}

async function bringAxe(frame: Frame): Promise<void> {
  if (await frame.evaluate('typeof axe === "object"')) return;
  await frame.evaluate(`${script};axe.configure({ allowedOrigins: ['<same_origin>'] })`);
}
