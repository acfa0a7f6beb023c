import type { Page } from 'playwright-core';

/** One interaction, in milliseconds: until the paint that followed it, and what of that its handlers and their effects took. */
export interface Interaction {
  readonly duration: number;
  /** From the press until the first handler ran: something else was at work. */
  readonly delay: number;
  /** In handlers, what they rendered included. */
  readonly work: number;
}

/**
 * Runs in the page before its own scripts: keeps the longest event of every interaction, as the metric Interaction to Next Paint
 * does. The browser tells of events from 16 ms on; what it does not tell of was quicker.
 */
export const watchInteractions = `
  globalThis.interactions = new Map();
  globalThis.presses = 0;
  for (const type of ['keydown', 'pointerdown'])
    addEventListener(type, () => { globalThis.presses += 1; }, { capture: true });
  new PerformanceObserver((list) => {
    for (const { interactionId, duration, startTime, processingStart, processingEnd } of list.getEntries())
      if (interactionId && duration >= (interactions.get(interactionId)?.duration ?? 0))
        interactions.set(interactionId, {
          duration,
          delay: processingStart - startTime,
          work: processingEnd - processingStart,
        });
  }).observe({ type: 'event', durationThreshold: 16 });
`;

/** Shortest event that the browser tells of, in milliseconds. */
const threshold = 16;

/** @returns every interaction since the last call */
export async function readInteractions(page: Page): Promise<Interaction[]> {
  // Entries come after the paint they were waiting for.
  const found: unknown = await page.evaluate(`new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
      const told = [...interactions.values()];
      const quick = Math.max(0, presses - told.length);
      interactions.clear();
      presses = 0;
      resolve([...told, ...Array(quick).fill({ duration: ${threshold}, delay: 0, work: 0 })]);
    }, 100)));
  })`);
  if (!Array.isArray(found)) return [];
  return found.map((item: unknown) => {
    const [duration, delay, work] = ['duration', 'delay', 'work'].map((key) =>
      Number(Reflect.get(Object(item), key)),
    );
    return { duration: duration ?? 0, delay: delay ?? 0, work: work ?? 0 };
  });
}
