import { parseQuery } from '@muster/query';
import { describe, expect, it } from 'vitest';
import { addCondition, filterFields, needsValue, operatorsOf, toCondition } from './filter.ts';

const valueFor = (field: string) =>
  field.endsWith('_at') || field === 'last_login' ? '2026-01-31' : field === 'logins_count' ? '5' : 'true';

describe('a filter', () => {
  it('makes a query that is valid, for every field and operator', () => {
    for (const field of [...filterFields, 'app_metadata.plan', 'user_metadata.a-b.c'])
      for (const operator of operatorsOf(field)) {
        const made = toCondition(field, operator, needsValue(operator) ? valueFor(field) : '');
        expect(made, `${field} ${operator}`).toBeDefined();
        expect(parseQuery(made ?? '').isValid, made).toBe(true);
      }
  });

  it('takes values as text, whatever is in them', () => {
    expect(toCondition('name', 'contains', 'O’Hara (x)*')).toBe(String.raw`name:*O\’Hara\ \(x\)\**`);
    expect(toCondition('name', 'is', 'A B')).toBe('name:"A B"');
    expect(toCondition('last_login', 'before', '2026-01-01')).toBe('last_login:[* TO 2026-01-01}');
  });

  it('is not ready without a value, or with a path that is none', () => {
    expect(toCondition('name', 'is', ' ')).toBeUndefined();
    expect(toCondition('plan', 'is', 'gold')).toBeUndefined();
  });

  it('narrows what was searched for before', () => {
    expect(addCondition(undefined, 'blocked:true')).toBe('blocked:true');
    expect(addCondition('name:a', 'blocked:true')).toBe('name:a AND blocked:true');
    expect(addCondition('name:a OR name:b', 'blocked:true')).toBe('(name:a OR name:b) AND blocked:true');
  });
});
