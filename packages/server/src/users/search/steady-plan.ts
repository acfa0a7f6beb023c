import type { ColumnTest, IdentityTest, IndexNode } from './index-node.ts';
import type { PageRequest } from './page-request.ts';
import { listSortTests } from './plan.ts';
import { estimateShare } from './statistics.ts';

/**
 * Matches, by the estimate, up to which planning is a good part of a search. Beginnings of values are estimated by their
 * neighbours: 2,600 for a hundred, 5,000 for one, are everyday.
 */
const fewMatches = 10_000;
/** Conditions of an OR, each of which adds to the texts that are kept. */
const mostAlternatives = 8;

/** A LIKE pattern of what begins with a text, and nothing more: the index need visit no others. */
const beginning = /^(?:[^\\%_]|\\.)+%$/s;

/**
 * Whether PostgreSQL has one way only to find few matches, whatever the values: a single condition by its index, or the union
 * of some. Such a statement can keep its plan; making a new one costs two thirds of the time that it takes. Where
 * conditions are met together, which of them is rare decides, and that is in the values.
 */
export function hasSteadyPlan(request: PageRequest): boolean {
  const { node, sort, after, plan, statistics } = request;
  if (sort.kind !== 'column' || after || !isOneWay(node)) return false;
  if (estimateShare(node, statistics) * statistics.entryCount > fewMatches) return false;
  if (plan.kind === 'gather') return true;
  // Along the index that is sorted by, between its own two ends.
  return plan.kind === 'walk' && node.kind === 'column' && listSortTests(node, sort).length === 1;
}

function isOneWay(node: IndexNode): boolean {
  switch (node.kind) {
    case 'terms':
      return node.anyOf.length === 1;
    case 'column':
      return isOneStretch(node.test);
    case 'values':
      return node.text === undefined;
    case 'identity':
      return node.tests.every(isOneIdentity);
    case 'or':
      return node.children.length <= mostAlternatives && node.children.every(isOneWay);
    default:
      return false;
  }
}

function isOneStretch(test: ColumnTest): boolean {
  switch (test.kind) {
    case 'any-of':
      return test.values.length === 1;
    case 'range':
      return true;
    case 'like':
      return beginning.test(test.pattern);
    case 'present':
      return false;
  }
}

function isOneIdentity(test: IdentityTest): boolean {
  return test.kind === 'any-of' && test.values.length === 1;
}
