import { describe, expect, it } from 'vitest';
import { fill } from './texts.ts';

describe('a text with something to be filled in', () => {
  it('has texts as they are, numbers as they are written, and what is unknown stays', () => {
    expect(
      fill('{name} has {count} of {total} {thing}', { name: '{count}', count: 1234, total: '1234' }),
    ).toBe('{count} has 1,234 of 1234 {thing}');
  });

  it('says of one what is said of one, and of none and many the other', () => {
    const say = (count: number) => fill('{count:The user is|All # users are} gone', { count });
    expect([0, 1, 2, 1001].map(say)).toEqual([
      'All 0 users are gone',
      'The user is gone',
      'All 2 users are gone',
      'All 1,001 users are gone',
    ]);
  });
});
