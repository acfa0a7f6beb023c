import { describe, expect, it } from 'vitest';
import { toShape, withoutGroups } from '../test/support/normalise.ts';
import { createRandom, randomQuery } from '../test/support/random-query.ts';
import { testSchema } from '../test/support/schema.ts';
import {
  defaultLimits,
  describeProblem,
  parseQuery,
  printQuery,
  type QueryProblem,
  resolveQuery,
} from './index.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 30_000);
/** Printing adds parentheses and escapes, so that a query at a limit may print as one beyond it. */
const printedLimits = { ...defaultLimits, length: 8 * defaultLimits.length, depth: 3 * defaultLimits.depth };
const seed = Number(process.env['FUZZ_SEED'] ?? 1);

function assertWellPlaced(problem: QueryProblem, text: string): void {
  const { start, end } = problem.span;
  if (!(start >= 0 && start <= end && end <= text.length)) throw new Error(`the span ${start}..${end}`);
  if (problem.suggestion !== undefined) {
    const mended = text.slice(0, start) + problem.suggestion + text.slice(end);
    const again = parseQuery(mended);
    const next = again.isValid ? resolveQuery(again.value, testSchema) : again;
    if (!next.isValid && next.problem.message === problem.message && next.problem.span.start === start)
      throw new Error(`${problem.message}: mended to ${mended}, which is refused alike`);
  }
  if (/[\r\n]/.test(describeProblem(problem, text))) throw new Error('more than one line');
}

/** Holds one text against what every text must satisfy. */
function examine(text: string): 'accepted' | 'refused' {
  const parsed = parseQuery(text);
  if (!parsed.isValid) {
    assertWellPlaced(parsed.problem, text);
    return 'refused';
  }
  const printed = printQuery(parsed.value);
  const again = parseQuery(printed, printedLimits);
  if (!again.isValid) throw new Error(`prints as ${printed}, which is refused: ${again.problem.message}`);
  if (printQuery(again.value) !== printed) throw new Error(`prints as ${printed} and then otherwise`);
  const [shape, shapeAgain] = [parsed.value, again.value].map((tree) => withoutGroups(toShape(tree)));
  if (JSON.stringify(shape) !== JSON.stringify(shapeAgain)) expect(shapeAgain).toEqual(shape);
  const resolved = resolveQuery(parsed.value, testSchema);
  if (!resolved.isValid) assertWellPlaced(resolved.problem, text);
  return 'accepted';
}

describe('random queries', () => {
  it(`give a tree that prints and parses to itself, or a problem inside the text (${runs} of seed ${seed})`, () => {
    const random = createRandom(seed);
    const counts = { accepted: 0, refused: 0 };
    for (let run = 0; run < runs; run++) {
      const text = randomQuery(random);
      try {
        counts[examine(text)]++;
      } catch (cause) {
        throw new Error(`${JSON.stringify(text)} (run ${run}): ${String(cause)}`, { cause });
      }
    }
    // A generator that only ever made nonsense, or only valid queries, would prove little.
    expect(counts.accepted).toBeGreaterThan(runs / 10);
    expect(counts.refused).toBeGreaterThan(runs / 10);
  }, 600_000);
});
