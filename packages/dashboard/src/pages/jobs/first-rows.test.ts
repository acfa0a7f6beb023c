import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readFirstRows, shownRows, splitRows } from './first-rows.ts';

const read = async (content: string | Uint8Array<ArrayBuffer>) => readFirstRows(new Blob([content]));

describe('the first rows of a file', () => {
  it.each([
    ['an array', '[ {"email":"a@example.com"},\n {"email":"b@example.com"} ]'],
    ['lines', '{"email":"a@example.com"}\n{"email":"b@example.com"}\n'],
  ])('are those of %s, plain or packed', async (_name, text) => {
    for (const content of [text, `\ufeff${text}`, new Uint8Array(gzipSync(text))]) {
      const first = await read(content);
      expect(first).toMatchObject({ kind: 'json', rows: [{ problems: [] }, { problems: [] }] });
    }
  });

  it('say what is wrong, and where', async () => {
    const first = await read('{"email":"nobody","age":3}\n{"email": oops}\n');
    expect(first.kind).toBe('json');
    if (first.kind !== 'json') return;
    expect(first.rows[0]?.problems.map(({ path }) => path)).toContain('/email');
    expect(first.rows[1]?.problems).toHaveLength(1);
  });

  it('leave a row out that the beginning of the file cuts, and rows beyond those that are shown', () => {
    expect(splitRows('[{"a":1},{"b":"}"},{"c":')).toEqual(['{"a":1}', '{"b":"}"}']);
    expect(splitRows('{"a":"\\""}'.repeat(50))).toHaveLength(shownRows);
    expect(splitRows('nothing')).toEqual([]);
  });

  it('are lines where the file is CSV', async () => {
    expect(await read('email,name\r\na@example.com,A\r\n')).toEqual({
      kind: 'csv',
      lines: ['email,name', 'a@example.com,A', ''],
    });
  });
});
