import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { takeTurn } from './turns.ts';

it('computes a few at a time, in order, and goes on after one that fails', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const works = Array.from({ length: 20 }, (_, index) =>
    takeTurn(async () => {
      begun.push(index);
      most = Math.max(most, ++running);
      await new Promise<void>((end) => ends.push(end));
      running--;
      if (index === 1) throw new Error('computed badly');
      return index;
    }),
  );
  const settled = Promise.allSettled(works);
  while (begun.length < 20 || running > 0) {
    ends.shift()?.();
    await setImmediate();
  }
  const results = await settled;
  expect(begun).toEqual(Array.from({ length: 20 }, (_, index) => index));
  // libuv has four threads unless it is told otherwise; one stays free.
  expect(most).toBeLessThan(4);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(19);
});
