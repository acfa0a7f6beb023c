import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeriod } from './index.ts';
import { nextDateText } from './instant.ts';

/** The period as ISO 8601 text, from its first instant to the first after it. */
function periodOf(text: string): [string, string] | undefined {
  const period = readPeriod(text);
  return period && [new Date(period.start).toISOString(), new Date(period.end).toISOString()];
}

describe('readPeriod', () => {
  it.each([
    ['2017', '2017-01-01T00:00:00.000Z', '2018-01-01T00:00:00.000Z'],
    ['2017-12', '2017-12-01T00:00:00.000Z', '2018-01-01T00:00:00.000Z'],
    ['2017-02', '2017-02-01T00:00:00.000Z', '2017-03-01T00:00:00.000Z'],
    ['2020-02', '2020-02-01T00:00:00.000Z', '2020-03-01T00:00:00.000Z'],
    ['2017-12-31', '2017-12-31T00:00:00.000Z', '2018-01-01T00:00:00.000Z'],
    ['2020-02-29', '2020-02-29T00:00:00.000Z', '2020-03-01T00:00:00.000Z'],
    ['2000-02-29', '2000-02-29T00:00:00.000Z', '2000-03-01T00:00:00.000Z'],
    ['2017-12-15T10:30', '2017-12-15T10:30:00.000Z', '2017-12-15T10:31:00.000Z'],
    ['2017-12-31T23:59', '2017-12-31T23:59:00.000Z', '2018-01-01T00:00:00.000Z'],
    ['2017-12-15T10:30:59Z', '2017-12-15T10:30:59.000Z', '2017-12-15T10:31:00.000Z'],
    ['2017-12-15T10:30:00.5Z', '2017-12-15T10:30:00.500Z', '2017-12-15T10:30:00.600Z'],
    ['2017-12-15T10:30:00.05Z', '2017-12-15T10:30:00.050Z', '2017-12-15T10:30:00.060Z'],
    ['2017-12-15T10:30:00.123Z', '2017-12-15T10:30:00.123Z', '2017-12-15T10:30:00.124Z'],
    ['2017-12-15T10:30:00.123456789Z', '2017-12-15T10:30:00.123Z', '2017-12-15T10:30:00.124Z'],
    ['2017-12-31T23:59:59.999Z', '2017-12-31T23:59:59.999Z', '2018-01-01T00:00:00.000Z'],
    ['2017-12-15t10:30:00z', '2017-12-15T10:30:00.000Z', '2017-12-15T10:30:01.000Z'],
    ['2017-12-15 10:30', '2017-12-15T10:30:00.000Z', '2017-12-15T10:31:00.000Z'],
    ['2017-12-15T10:30+02:00', '2017-12-15T08:30:00.000Z', '2017-12-15T08:31:00.000Z'],
    ['2017-12-15T10:30:00+0530', '2017-12-15T05:00:00.000Z', '2017-12-15T05:00:01.000Z'],
    ['2017-12-31T23:30:00-01:00', '2018-01-01T00:30:00.000Z', '2018-01-01T00:30:01.000Z'],
    ['2018-01-01T00:00:00+18:00', '2017-12-31T06:00:00.000Z', '2017-12-31T06:00:01.000Z'],
    ['0001-01-01', '0001-01-01T00:00:00.000Z', '0001-01-02T00:00:00.000Z'],
    ['0099', '0099-01-01T00:00:00.000Z', '0100-01-01T00:00:00.000Z'],
    ['9999-12-31', '9999-12-31T00:00:00.000Z', '+010000-01-01T00:00:00.000Z'],
  ])('reads %s as the time it stands for', (text, start, end) => {
    expect(periodOf(text)).toEqual([start, end]);
  });

  it.each([
    ...[
      '',
      'now',
      'now-1d',
      '17',
      '12017',
      '2017-1',
      '2017-13',
      '2017-00',
      '2017-12-00',
      '2017-12-32',
      '2017-12-1',
    ],
    ...[
      '2017-02-29',
      '1900-02-29',
      '2017-04-31',
      '2017/12/15',
      '15.12.2017',
      '20171215',
      '2017-12-15T',
      '-2017',
    ],
    ...[
      '2017-12-15T10',
      '2017-12-15T24:00',
      '2017-12-15T10:60',
      '2017-12-15T10:30:60',
      '2017-12-15T10:30:00.',
    ],
    ...[
      '2017-12-15T10:30:00.1234567890Z',
      '2017-12-15T10:30:00+18:01',
      '2017-12-15T10:30:00+02:60',
      ' 2017',
      '2017\n',
    ],
    ...['2017-12-15T10:30:00+2', '2017-12-15Z', '2017-12-15T10:30:00 Z', '２０１７'],
  ])('does not read %j, which is no time', (text) => {
    expect(readPeriod(text)).toBeUndefined();
  });

  const instant = fc.date({
    min: new Date('0000-01-01T00:00:00.000Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  const units: readonly [characters: number, length: number][] = [
    [23, 1],
    [22, 10],
    [21, 100],
    [19, 1_000],
    [16, 60_000],
    [10, 86_400_000],
  ];

  it('agrees with Date for every instant and the periods around it', () => {
    fc.assert(
      fc.property(instant, (date) => {
        const text = date.toISOString();
        for (const [characters, length] of units) {
          const start = Math.floor(date.getTime() / length) * length;
          const zone = characters > 10 ? 'Z' : '';
          expect(readPeriod(text.slice(0, characters) + zone)).toEqual({
            start,
            end: start + length,
            isDate: zone === '',
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with Date for every offset', () => {
    const minutes = fc.integer({ min: -18 * 60, max: 18 * 60 });
    fc.assert(
      fc.property(instant, minutes, fc.constantFrom(':', ''), (date, offset, colon) => {
        const text = date.toISOString().slice(0, -1);
        const digits = (value: number) => String(value).padStart(2, '0');
        const [hours, rest] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const period = readPeriod(`${text}${offset < 0 ? '-' : '+'}${digits(hours)}${colon}${digits(rest)}`);
        expect(period?.start).toBe(date.getTime() - offset * 60_000);
      }),
    );
  });

  it('takes exactly the days that are in the calendar', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(part(9999), part(13), part(32), (year, month, day) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const parsed = new Date(`${text}T00:00:00Z`);
        // Date takes the 31st of June for the 1st of July.
        const isReal = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
        expect(readPeriod(text)?.start).toBe(isReal ? parsed.getTime() : undefined);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('nextDateText', () => {
  it.each([
    ['2017', '2018'],
    ['2017-12', '2018-01'],
    ['2020-02-28', '2020-02-29'],
    ['2017-12-31', '2018-01-01'],
    ['0099-12-31', '0100-01-01'],
    ['9999', '\u{10ffff}'],
    ['9999-12', '\u{10ffff}'],
    ['9999-12-31', '\u{10ffff}'],
  ])('after %s is %s', (text, expected) => {
    const period = readPeriod(text);
    expect(period && nextDateText(text, period)).toBe(expected);
  });
});
