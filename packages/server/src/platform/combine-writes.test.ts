import { expect, test } from 'vitest';
import { combineWrites } from './combine-writes.ts';

/** Writes that wait until they are let go, and what each of them held. */
function makeWriter() {
  const batches: (readonly string[])[] = [];
  const gates: (() => void)[] = [];
  const write = combineWrites(async (items: readonly string[]) => {
    batches.push(items);
    await new Promise<void>((open) => gates.push(open));
    if (items.includes('bad')) throw new Error(`refused: ${items.join(' ')}`);
    return items.map((item) => item.toUpperCase());
  });
  const letGo = async () => {
    await new Promise(setImmediate);
    gates.shift()?.();
    await new Promise(setImmediate);
  };
  return { write, batches, letGo };
}

test('writes of one turn share a write; those that arrive meanwhile share the next', async () => {
  const { write, batches, letGo } = makeWriter();
  const results = ['a', 'b'].map((item) => write(item));
  expect(batches).toEqual([]);
  await new Promise(setImmediate);
  expect(batches).toEqual([['a', 'b']]);
  results.push(...['c', 'd', 'e'].map((item) => write(item)));
  await new Promise(setImmediate);
  expect(batches).toEqual([['a', 'b']]);
  await letGo();
  expect(batches).toEqual([
    ['a', 'b'],
    ['c', 'd', 'e'],
  ]);
  await letGo();
  expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D', 'E']);
});

test('what is wrong with one write is not the others’ fault', async () => {
  const { write, letGo } = makeWriter();
  const results = Promise.allSettled(['a', 'b', 'c', 'bad', 'd'].map((item) => write(item)));
  for (let round = 0; round < 6; round++) await letGo();
  expect(await results).toEqual([
    { status: 'fulfilled', value: 'A' },
    { status: 'fulfilled', value: 'B' },
    { status: 'fulfilled', value: 'C' },
    { status: 'rejected', reason: new Error('refused: bad') },
    { status: 'fulfilled', value: 'D' },
  ]);
});

test('after a failure writes go on', async () => {
  const { write, letGo } = makeWriter();
  const failed = Promise.allSettled([write('bad')]);
  await letGo();
  expect((await failed)[0]?.status).toBe('rejected');
  const later = write('d');
  await letGo();
  expect(await later).toBe('D');
});
