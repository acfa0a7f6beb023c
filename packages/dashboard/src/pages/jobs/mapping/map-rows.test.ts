import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeRecord } from './csv-records.ts';
import { createRowMapper, type FileForm } from './map-rows.ts';
import { openMappedFile } from './mapped-file.ts';
import { findMappingProblem, type Mapping, toMapping } from './targets.ts';

const lines: FileForm = { kind: 'json', isArray: false };
const array: FileForm = { kind: 'json', isArray: true };
const csv = (delimiter: string): FileForm => ({ kind: 'csv', delimiter });

/** Maps a text that comes in pieces of so many characters. */
function map(form: FileForm, mapping: Mapping, text: string, pieceSize = text.length || 1): string {
  const mapper = createRowMapper(form, mapping);
  let mapped = '';
  for (let start = 0; start < text.length; start += pieceSize)
    mapped += mapper.push(text.slice(start, start + pieceSize));
  return mapped + mapper.end();
}

const names: Mapping = new Map([
  ['E-Mail', 'email'],
  ['Team', 'user_metadata.team'],
  ['Secret', ''],
]);

describe('a mapping of columns', () => {
  it('is suggested from what the columns are called, and never loses one or uses a name twice', () => {
    const columns = ['E-Mail', 'First name', 'Surname', 'Team / Office', 'email', 'phone', 'mobile', 'id'];
    expect(Object.fromEntries(toMapping(columns, 'csv'))).toEqual({
      'E-Mail': 'user_metadata.E-Mail',
      'First name': 'given_name',
      Surname: 'family_name',
      'Team / Office': 'user_metadata.Team_Office',
      email: 'email',
      phone: 'phone_number',
      mobile: 'user_metadata.mobile',
      id: 'user_id',
    });
    expect(toMapping(['E-Mail'], 'json').get('E-Mail')).toBe('email');
    expect(toMapping(['user_metadata.team'], 'csv').get('user_metadata.team')).toBe('user_metadata.team');
  });

  it('is refused where it goes nowhere, or where another column goes', () => {
    const mapping: Mapping = new Map([
      ['a', 'email'],
      ['b', 'email'],
      ['c', 'emial'],
      ['d', ''],
      ['e', 'app_metadata.plan.name'],
    ]);
    expect([...mapping.keys()].map((column) => findMappingProblem(mapping, column, 'csv'))).toEqual([
      'twice',
      'twice',
      'unknown',
      undefined,
      undefined,
    ]);
  });
});

describe('a file whose columns are mapped', () => {
  it('has its keys renamed, put below metadata or left out, row by row', () => {
    const rows = [
      { 'E-Mail': 'a@example.com', Team: 'blue', Secret: 'x', name: 'A' },
      { 'E-Mail': 'b@example.com', Team: null, user_metadata: { team: 'red' } },
      { 'E-Mail': 'c@example.com', Team: 'green', user_metadata: { team: 'red', floor: 3 } },
    ];
    const expected = [
      { email: 'a@example.com', name: 'A', user_metadata: { team: 'blue' } },
      { email: 'b@example.com', user_metadata: { team: 'red' } },
      { email: 'c@example.com', user_metadata: { team: 'red', floor: 3 } },
    ];
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    expect(
      map(lines, names, text)
        .split('\n')
        .map((row) => JSON.parse(row)),
    ).toEqual(expected);
    expect(JSON.parse(map(array, names, JSON.stringify(rows, undefined, 2)))).toEqual(expected);
  });

  it('keeps every row in its place, also those that nobody can read', () => {
    expect(map(lines, names, '{"E-Mail":"a"}\noops\n\n5\n{"E-Mail":"b"}\n')).toBe(
      '{"email":"a"}\noops\n\n5\n{"email":"b"}\n',
    );
    expect(map(array, names, '[{"E-Mail":"a,]"}, oops, 5, [1,2],{"E-Mail":"b"}] trailing')).toBe(
      '[{"email":"a,]"}, oops, 5, [1,2],{"email":"b"}] trailing',
    );
    expect(map(array, names, '[{"E-Mail":"a"},{"E-Mail":')).toBe('[{"email":"a"},{"E-Mail":');
  });

  it('has the columns of CSV renamed and left out, with commas whatever it had', () => {
    const text = 'E-Mail;Secret;Team\r\na@example.com;x;"blue, ""light"""\r\nb@example.com;;5" pipe\r\n';
    expect(map(csv(';'), names, text)).toBe(
      'email,user_metadata.team\na@example.com,"blue, ""light"""\nb@example.com,"5"" pipe"\n',
    );
  });

  it('does not make a record right that has a cell too few', () => {
    const [, short = ''] = map(csv(','), names, 'E-Mail,Team,Secret\na@example.com,blue\n').split('\n');
    expect(short.split(',').length).not.toBe(2);
  });

  it('is the same whatever the pieces in which it comes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\\', '{', '}', '[', ']', ' ') });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (content, size) => {
        for (const [form, head] of [
          [lines, '{'],
          [array, '['],
          [csv(','), 'E-Mail,Secret\n'],
        ] as const)
          expect(map(form, names, head + content, size)).toBe(map(form, names, head + content));
      }),
    );
  });

  it('keeps any cell, of one line or many', () => {
    const cells = fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1 }), (records) => {
        // A line end of Windows behind an unquoted cell is the record's end, not the cell's.
        const text = records.map((record) => `${writeRecord(record)}\n`).join('');
        const head = 'E-Mail,name\n';
        expect(map(csv(','), names, head + text).slice('email,name\n'.length)).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('is sent piece by piece, from any place once more', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => ({ 'E-Mail': `ä${index}@example.com` }));
    const file = new Blob([JSON.stringify(rows)]);
    const source = await openMappedFile(file, array, names, AbortSignal.timeout(10_000));
    const expected = await new Blob([JSON.stringify(rows).replaceAll('E-Mail', 'email')]).text();
    let bytes = new Uint8Array();
    for (let offset = 0; offset < source.size; ) {
      const end = Math.min(offset + 10_007, source.size);
      await source.read(offset, end);
      // The connection broke half way.
      const piece = await source.read(offset, Math.min(offset + 5_003, source.size));
      bytes = new Uint8Array(await new Blob([bytes, piece]).arrayBuffer());
      offset += piece.size;
    }
    expect(new TextDecoder().decode(bytes)).toBe(expected);
  });

  it('is not sent when a byte of it would become another character', async () => {
    const latin = new Blob([
      Uint8Array.from(
        [...'E-Mail\nj', 0xe4, ...'@example.com\n'].map((part) =>
          typeof part === 'number' ? part : part.charCodeAt(0),
        ),
      ),
    ]);
    await expect(openMappedFile(latin, csv(','), names, AbortSignal.timeout(10_000))).rejects.toThrow(
      TypeError,
    );
  });
});
