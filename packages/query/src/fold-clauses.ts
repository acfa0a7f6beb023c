import type { QueryNode, Span } from './tree.ts';

/** One operand with what stands around it, before precedence is applied. */
export interface Clause {
  /** What stands between this clause and the one before. */
  readonly joinedBy: 'and' | 'or' | 'adjacency';
  /** `+x` */
  readonly isRequired: boolean;
  /** `NOT x`, `!x`, `-x` */
  readonly isNegated: boolean;
  readonly node: QueryNode;
  readonly span: Span;
}

/** Clauses joined by AND: one operand of the OR. */
interface Chain {
  readonly joinedBy: 'or' | 'adjacency';
  readonly clauses: Clause[];
}

/**
 * Applies precedence (NOT, AND, OR; clauses that just stand beside each other are joined by OR) and the signs:
 * with a `+x` among the operands of one level the unsigned ones become optional, and `-x` (or `NOT x`) that just
 * stands beside others prohibits x. Where an OR is written, `NOT x` is plain logic: everything but x.
 */
export function foldClauses(clauses: readonly Clause[]): QueryNode {
  // Thousands of ids, nothing else: what they come to needs no weighing.
  if (clauses.every(({ joinedBy, isRequired, isNegated }) => joinedBy !== 'and' && !isRequired && !isNegated))
    return join(
      'or',
      clauses.map(({ node }) => node),
    );
  const chains = splitChains(clauses);
  const required: QueryNode[] = [];
  const prohibited: QueryNode[] = [];
  const optional: QueryNode[] = [];
  for (const [index, chain] of chains.entries()) {
    const isBesideOr = (index > 0 && chain.joinedBy === 'or') || chains[index + 1]?.joinedBy === 'or';
    const isNegation = chain.clauses.length === 1 && chain.clauses[0]?.isNegated === true;
    if (chain.clauses.some((clause) => clause.isRequired)) required.push(foldChain(chain));
    else if (isNegation && !isBesideOr) prohibited.push(foldChain(chain));
    else optional.push(foldChain(chain));
  }
  if (required.length === 0 && prohibited.length === 0) return join('or', optional);
  if (required.length > 0) return join('and', [...required, ...prohibited]);
  return join('and', [...(optional.length > 0 ? [join('or', optional)] : []), ...prohibited]);
}

function splitChains(clauses: readonly Clause[]): Chain[] {
  const chains: Chain[] = [];
  for (const clause of clauses) {
    const last = chains.at(-1);
    if (clause.joinedBy === 'and' && last) last.clauses.push(clause);
    else chains.push({ joinedBy: clause.joinedBy === 'or' ? 'or' : 'adjacency', clauses: [clause] });
  }
  return chains;
}

function foldChain({ clauses }: Chain): QueryNode {
  return join('and', clauses.map(foldClause));
}

function foldClause({ isNegated, node, span }: Clause): QueryNode {
  return isNegated ? { kind: 'not', child: node, span } : node;
}

function join(kind: 'and' | 'or', nodes: readonly QueryNode[]): QueryNode {
  const [first] = nodes;
  if (!first) throw new Error('a junction of nothing');
  if (nodes.length === 1) return first;
  let { start, end } = first.span;
  for (const { span } of nodes) {
    start = Math.min(start, span.start);
    end = Math.max(end, span.end);
  }
  return { kind, children: nodes, span: { start, end } };
}
