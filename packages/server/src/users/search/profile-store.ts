import { type RawBuilder, sql } from 'kysely';
import type { ProfileTest } from './index-node.ts';

/**
 * Whether a cached profile (`identities AS i`) holds such a scalar. Paths are compared as the index writes them: keys
 * joined by dots, arrays leaving no trace. An SQL/JSON path cannot: claims of SAML are named by URLs, dots and all, and
 * arrays lie in arrays to any depth. Only users with several identities are looked at so closely.
 */
export function holdsInProfile({ path, reachesBelow, filter }: ProfileTest): RawBuilder<unknown> {
  const isOnTheWay = sql`starts_with(${`${path}.`}, child.path || '.')`;
  const isBelow = sql`starts_with(child.path, ${`${path}.`})`;
  return sql`EXISTS (
    WITH RECURSIVE node (path, value) AS (
      SELECT '', i.profile
      UNION ALL
      SELECT child.path, child.value FROM node CROSS JOIN LATERAL (
        SELECT node.path || '.' || member.key, member.value
        FROM jsonb_each(CASE jsonb_typeof(node.value) WHEN 'object' THEN node.value ELSE '{}' END) AS member
        UNION ALL
        SELECT node.path, element
        FROM jsonb_array_elements(CASE jsonb_typeof(node.value) WHEN 'array' THEN node.value ELSE '[]' END) AS element
      ) AS child (path, value)
      WHERE ${reachesBelow ? sql`(${isOnTheWay} OR ${isBelow})` : isOnTheWay}
    )
    SELECT 1 FROM node WHERE ${reachesBelow ? sql`starts_with(node.path || '.', ${`${path}.`})` : sql`node.path = ${path}`}
      AND node.value @? ${filter}::jsonpath OFFSET 0)`;
}
