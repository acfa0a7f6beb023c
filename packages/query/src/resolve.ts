import { defaultLimits, type QueryLimits } from './limits.ts';
import { capture, type Outcome, refuse, shorten } from './problem.ts';
import { resolveTest } from './resolve-test.ts';
import type { NestedNode, ResolvedCondition, ResolvedNode, ResolvedTest, ResolvedType } from './resolved.ts';
import type { FieldType, SearchSchema } from './schema.ts';
import { suggestName, suggestPath } from './suggest.ts';
import type { ConditionNode, FieldName, GroupNode, QueryNode } from './tree.ts';

/**
 * Checks a tree against the fields there are: unknown fields, values of the wrong type and patterns too short to be
 * searched are problems with their position. What comes out has every value in its field's type.
 */
export function resolveQuery(
  tree: QueryNode,
  schema: SearchSchema,
  limits: QueryLimits = defaultLimits,
): Outcome<ResolvedNode> {
  return capture(() => new Resolver(schema, limits).resolve(tree));
}

/** A field that exists, and what it holds. */
export interface ResolvedField {
  readonly name: string;
  readonly type:
    | FieldType
    | { readonly kind: 'scalar' }
    | { readonly kind: 'object' }
    | { readonly kind: 'free' };
  readonly collection?: string;
}

class Resolver {
  private readonly schema: SearchSchema;
  private readonly limits: QueryLimits;
  private readonly known = new Map<string, ResolvedField>();
  private patterns = 0;
  private lists = 0;

  constructor(schema: SearchSchema, limits: QueryLimits) {
    this.schema = schema;
    this.limits = limits;
  }

  /** @param alternatives fields whose values are looked up as one list with those of the node */
  resolve(node: QueryNode, alternatives = new Set<string>()): ResolvedNode {
    switch (node.kind) {
      case 'all':
        return { kind: 'all' };
      case 'condition':
        return this.resolveCondition(node, alternatives);
      case 'group':
        return this.resolve(node.child, alternatives);
      case 'not':
        return { kind: 'not', child: this.resolve(node.child) };
      case 'or':
        return { kind: 'or', children: node.children.map((child) => this.resolve(child, alternatives)) };
      case 'and':
        return this.resolveConjunction(node.children);
    }
  }

  /**
   * Conditions on the same list that stand side by side under one AND speak of one element of it: one identity that
   * has both the connection and the id. Parentheses of their own, or a NOT, set conditions apart, and so does a field
   * that is named twice: no identity is of two connections.
   */
  private resolveConjunction(nodes: readonly QueryNode[]): ResolvedNode {
    const children: ResolvedNode[] = [];
    const lines = new Map<string, ResolvedCondition[][]>();
    // Neither a nor b is not one of both.
    const excluded = new Set<string>();
    for (const node of nodes) {
      if (node.kind === 'not') {
        children.push({ kind: 'not', child: this.resolve(node.child, excluded) });
        continue;
      }
      const line = this.readLine(node);
      const collection = line?.[0]?.collection;
      if (!line || collection === undefined) {
        children.push(this.resolve(node));
        continue;
      }
      const others = lines.get(collection);
      if (others) others.push(line);
      else lines.set(collection, [line]);
    }
    for (const [collection, found] of lines) children.push(...toNested(collection, found));
    const [only, ...rest] = children;
    return only && rest.length === 0 ? only : { kind: 'and', children };
  }

  /** The alternatives of a condition or field group on a list's elements; none for any other node. */
  private readLine(node: QueryNode): ResolvedCondition[] | undefined {
    if (node.kind === 'condition') {
      const isOfElement = node.field && this.resolveField(node.field).collection !== undefined;
      return isOfElement ? [this.resolveCondition(node, new Set())] : undefined;
    }
    if (node.kind !== 'group' || !node.field || this.resolveField(node.field).collection === undefined)
      return undefined;
    // Profiles of one element are read value by value.
    const isOpen = this.resolveField(node.field).type.kind === 'scalar';
    const alternatives = new Set<string>();
    return listAlternatives(node)?.map((condition) =>
      this.resolveCondition(condition, isOpen ? new Set() : alternatives),
    );
  }

  private resolveCondition(node: ConditionNode, alternatives: Set<string>): ResolvedCondition {
    const field: ResolvedField = node.field
      ? this.resolveField(node.field)
      : { name: '', type: { kind: 'free' } };
    const test = resolveTest(node, field);
    this.count(node, field, test, alternatives);
    return {
      kind: 'condition',
      field: field.name,
      type: toResolvedType(field.type.kind),
      ...(field.collection === undefined ? {} : { collection: field.collection }),
      test,
      span: node.span,
    };
  }

  private count(
    { span }: ConditionNode,
    field: ResolvedField,
    test: ResolvedTest,
    alternatives: Set<string>,
  ): void {
    const isListed = test.kind === 'equals' || isNumber(test, field);
    if (!isListed && isPattern(test)) {
      this.patterns++;
      if (this.patterns > this.limits.patterns)
        refuse(
          'too_many',
          span,
          `A query has at most ${this.limits.patterns} conditions with a wildcard, a range or a date`,
        );
    }
    if (isListed && alternatives.has(field.name)) return;
    if (isListed) alternatives.add(field.name);
    this.lists++;
    if (this.lists > this.limits.lists)
      refuse(
        'too_many',
        span,
        `A query has at most ${this.limits.lists} conditions beside each other, of which values of one field joined by OR, as in user_id:(a OR b), are one`,
      );
  }

  private resolveField(field: FieldName): ResolvedField {
    const known = this.known.get(field.path);
    if (known) return known;
    const resolved = this.lookUpField(field);
    this.known.set(field.path, resolved);
    return resolved;
  }

  private lookUpField({ path, span }: FieldName): ResolvedField {
    const { fields, openFields, refusedFields } = this.schema;
    if (Object.hasOwn(fields, path)) {
      const definition = fields[path];
      const name = definition?.aliasOf ?? path;
      if (definition)
        return {
          name,
          type: definition.type,
          ...(definition.collection === undefined ? {} : { collection: definition.collection }),
        };
    }
    for (const [root, { collection }] of Object.entries(openFields)) {
      const place = collection === undefined ? {} : { collection };
      if (path === root) return { name: path, type: { kind: 'object' }, ...place };
      if (!path.startsWith(`${root}.`)) continue;
      if (path.split('.').includes(''))
        refuse('syntax', span, `The path ${shorten(path)} has an empty key: keys are joined by single dots`);
      return { name: path, type: { kind: 'scalar' }, ...place };
    }
    if (Object.hasOwn(refusedFields, path))
      refuse('not_searchable', span, `${path} cannot be searched: ${refusedFields[path]}`);
    const openNames = Object.keys(openFields);
    const nearest = suggestPath(path, openNames) ?? suggestName(path, [...Object.keys(fields), ...openNames]);
    const name = shorten(path);
    const ownPaths = openNames
      .filter((root) => openFields[root]?.collection === undefined)
      .map((root) => `${root}.${name}`);
    const elsewhere = ownPaths.length > 0 ? `; metadata is searched as ${ownPaths.join(' or ')}` : '';
    const hint = nearest === undefined ? elsewhere : `, did you mean ${shorten(nearest)}?`;
    return refuse('unknown_field', span, `There is no field ${name}${hint}`, nearest);
  }
}

/** Whether it takes more than looking up whole values. */
function isPattern(test: ResolvedTest): boolean {
  return test.kind === 'matches' || test.kind.endsWith('-range');
}

/** Whether it is a single number of a field that holds nothing else. */
function isNumber(test: ResolvedTest, { type }: ResolvedField): boolean {
  return type.kind === 'number' && test.kind === 'number-range' && test.lower?.value === test.upper?.value;
}

function toResolvedType(kind: ResolvedField['type']['kind']): ResolvedType {
  if (kind === 'keyword') return 'text';
  return kind === 'object' ? 'scalar' : kind;
}

/** The conditions of a field group that joins them by OR alone. */
function listAlternatives(node: GroupNode | QueryNode): ConditionNode[] | undefined {
  switch (node.kind) {
    case 'condition':
      return [node];
    case 'group':
      return listAlternatives(node.child);
    case 'or': {
      const lists = node.children.map(listAlternatives);
      return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? []);
    }
    default:
      return undefined;
  }
}

/** A single line asks nothing of the others' element, so it is an ordinary condition. */
function toNested(
  collection: string,
  lines: readonly (readonly ResolvedCondition[])[],
): readonly (ResolvedNode | NestedNode)[] {
  const fields = lines.flatMap((line) => [...new Set(line.map(({ field }) => field))]);
  if (lines.length > 1 && new Set(fields).size === fields.length)
    return [{ kind: 'nested', collection, lines }];
  return lines.map((line) => {
    const [condition, ...others] = line;
    return condition && others.length === 0 ? condition : { kind: 'or', children: line };
  });
}
