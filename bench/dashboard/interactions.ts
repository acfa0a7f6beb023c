import type { Page } from 'playwright-core';

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
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId)
        interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
  }).observe({ type: 'event', durationThreshold: 16 });
`;

/** Shortest event that the browser tells of, in milliseconds. */
const threshold = 16;

/** @returns milliseconds of every interaction since the last call */
export async function readInteractions(page: Page): Promise<number[]> {
  // Entries come after the paint they were waiting for.
  const found: unknown = await page.evaluate(`new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
      const durations = [...interactions.values()];
      const quick = Math.max(0, presses - durations.length);
      interactions.clear();
      presses = 0;
      resolve([...durations, ...Array(quick).fill(${threshold})]);
    }, 100)));
  })`);
  return Array.isArray(found) ? found.map(Number) : [];
}
