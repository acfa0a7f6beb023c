import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeMetadata } from './metadata.ts';

const metadata = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 });

describe('merging metadata', () => {
  it('takes every sent key that is not null and keeps every key that was not sent', () => {
    fc.assert(
      fc.property(metadata, metadata, (stored, change) => {
        fc.pre(Object.keys(change).length > 0);
        const merged = mergeMetadata(stored, change) ?? {};
        for (const [key, value] of Object.entries(change)) {
          if (value === null) expect(Object.hasOwn(merged, key)).toBe(false);
          else expect(merged[key]).toEqual(value);
        }
        for (const key of Object.keys(stored))
          if (!Object.hasOwn(change, key)) expect(merged[key]).toEqual(stored[key]);
        for (const key of Object.keys(merged))
          expect(Object.hasOwn(change, key) || Object.hasOwn(stored, key)).toBe(true);
      }),
    );
  });

  it('changes nothing more when the same change is sent again', () => {
    fc.assert(
      fc.property(metadata, metadata, (stored, change) => {
        const once = mergeMetadata(stored, change);
        expect(mergeMetadata(once, change) ?? {}).toEqual(once ?? {});
      }),
    );
  });

  it('empties by {} and stays absent when nothing is left of nothing', () => {
    expect(mergeMetadata({ a: 1 }, {})).toEqual({});
    expect(mergeMetadata(undefined, { a: null })).toBeUndefined();
  });
});
