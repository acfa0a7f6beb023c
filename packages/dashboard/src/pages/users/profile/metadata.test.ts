import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffMetadata, readMetadata, toMetadataChange } from './metadata.ts';
import { readJson } from './read-json.ts';

const problemsOf = (text: string, kind: 'user_metadata' | 'app_metadata' = 'user_metadata') => {
  const read = readMetadata(kind, text);
  return read.ok ? [] : read.problems.map(({ from, to, message }) => [text.slice(from, to), message]);
};

describe('the reader of JSON', () => {
  it('accepts what JSON.parse accepts, with its value, and nothing else', () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', '"', '0', ' ', '\\', 'e'))
      .map(([json, place, piece]) => {
        const at = place % (json.length + 1);
        return json.slice(0, at) + piece + json.slice(at + (place % 2));
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), mutated, fc.string()), (text) => {
        let expected: unknown;
        let isJson = true;
        try {
          expected = JSON.parse(text);
        } catch {
          isJson = false;
        }
        const read = readJson(text);
        expect(read.ok, text).toBe(isJson);
        if (read.ok) expect(read.value).toEqual(expected);
        else expect(read.problem.to).toBeGreaterThanOrEqual(read.problem.from);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('metadata as somebody writes it', () => {
  it('is refused at the place that is wrong', () => {
    expect(problemsOf('{ "plan": gold }')).toEqual([
      ['g', expect.stringContaining('cannot stand here (line 1)')],
    ]);
    expect(problemsOf('{ "plan": ')).toEqual([[' ', expect.stringContaining('missing at the end')]]);
    expect(problemsOf('[1]')).toEqual([['[1]', expect.stringContaining('is an object')]]);
  });

  it('has keys that a path can name, once each, at any depth', () => {
    expect(problemsOf('{"a": [{"b.c": 1}], "$d": 2}')).toEqual([
      ['"b.c"', expect.stringContaining('no . and no $')],
      ['"$d"', expect.stringContaining('no . and no $')],
    ]);
    expect(problemsOf('{"a": 1, "b": {"a": 2}, "a": 3}')).toEqual([
      ['"a"', expect.stringContaining('twice')],
    ]);
    expect(problemsOf('{"email": 1, "a": {"email": 1}}', 'app_metadata')).toEqual([
      ['"email"', expect.stringContaining('reserved')],
    ]);
    expect(problemsOf('{"email": 1}')).toEqual([]);
  });

  it('never changes silently: no number beyond 2^53, and no null that would remove a key', () => {
    expect(
      problemsOf('{"id": 9007199254740993, "big": -1e999, "fine": [9007199254740991, 1e21, 0.1]}'),
    ).toEqual([
      ['9007199254740993', expect.stringContaining('in quotes')],
      ['-1e999', expect.stringContaining('in quotes')],
    ]);
    expect(problemsOf('{"plan": null, "deep": {"plan": null}}')).toEqual([
      ['null', expect.stringContaining('leave the key out')],
    ]);
  });

  it('is compared to its depths, lists place by place', () => {
    const before = {
      plan: 'free',
      address: { city: 'Rome', zip: 1 },
      likes: ['a', 'b'],
      same: { x: 1, y: 2 },
    };
    const after = {
      address: { city: 'Oslo', zip: 1 },
      likes: ['a', 'c', 'd'],
      same: { y: 2, x: 1 },
      seats: 3,
    };
    expect(diffMetadata(before, after)).toEqual([
      { path: 'plan', kind: 'removed', before: 'free' },
      { path: 'address.city', kind: 'changed', before: 'Rome', after: 'Oslo' },
      { path: 'likes[1]', kind: 'changed', before: 'b', after: 'c' },
      { path: 'likes[2]', kind: 'added', after: 'd' },
      { path: 'seats', kind: 'added', after: 3 },
    ]);
    expect(toMetadataChange(before, after)).toEqual({
      plan: null,
      address: { city: 'Oslo', zip: 1 },
      likes: ['a', 'c', 'd'],
      seats: 3,
    });
  });
});
