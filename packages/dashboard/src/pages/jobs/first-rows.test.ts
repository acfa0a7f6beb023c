import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkRows, readFirstRows, shownRows, splitRows } from './first-rows.ts';
import { toMapping } from './mapping/targets.ts';

const read = async (content: string | Uint8Array<ArrayBuffer>) => readFirstRows(new Blob([content]));

/** Rows of a file whose columns become what is suggested. */
async function check(content: string | Uint8Array<ArrayBuffer>) {
  const first = await read(content);
  return checkRows(first, toMapping([...first.columns.keys()], first.form.kind));
}

describe('the first rows of a file', () => {
  it.each([
    ['an array', '[ {"email":"a@example.com"},\n {"email":"b@example.com"} ]'],
    ['lines', '{"email":"a@example.com"}\n{"email":"b@example.com"}\n'],
    ['CSV', 'email,email_verified\r\na@example.com,true\r\nb@example.com,\r\n'],
  ])('are those of %s, plain or packed', async (_name, text) => {
    for (const content of [text, `\ufeff${text}`, new Uint8Array(gzipSync(text))])
      expect(await check(content)).toMatchObject([{ problems: [] }, { problems: [] }]);
  });

  it('say what is wrong, and where', async () => {
    const first = await read('{"email":"nobody","age":3}\n{"email": oops}\n');
    const [wrong, broken] = checkRows(first, new Map());
    expect(wrong?.problems.map(({ path }) => path).sort()).toEqual(['age', 'email']);
    expect(broken?.problems).toHaveLength(1);
  });

  it('say what is wrong in CSV, in cells and in their number', async () => {
    const rows = await check('email;blocked\nnobody;perhaps\na@example.com\n"b@example.com;true\n');
    expect(rows.map(({ problems }) => problems.map(({ path }) => path))).toEqual([
      ['blocked', 'email'],
      [''],
      [''],
    ]);
  });

  it('leave a row out that the beginning of the file cuts, and rows beyond those that are shown', () => {
    expect(splitRows('[{"a":1},{"b":"}"},{"c":')).toEqual(['{"a":1}', '{"b":"}"}']);
    expect(splitRows('{"a":"\\""}'.repeat(50))).toHaveLength(shownRows);
    expect(splitRows('nothing')).toEqual([]);
  });

  it('name every column of the beginning, with a value where one has it', async () => {
    const { columns } = await read('{"email":""}\n{"email":"a@example.com","Team":"blue"}\n');
    expect([...columns]).toEqual([
      ['email', 'a@example.com'],
      ['Team', 'blue'],
    ]);
  });
});
