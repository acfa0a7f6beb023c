import { checkImportedUser } from '@muster/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAttributes } from './check-attributes.ts';

describe('the check of an imported row before it is sent', () => {
  it.each([
    [{ email: 'ada@example.com' }, []],
    [{ email: 'ä@exämple.de' }, []],
    [{ email: 'ada@example' }, ['email']],
    [{ picture: 'no address' }, ['picture']],
    [{ created_at: '2020-01-01' }, ['created_at']],
    [{ email: 'ada@example.com', Name: 'Ada' }, ['Name']],
    [{ mfa_factors: [{ email: { value: 'nobody' } }] }, ['mfa_factors[0].email.value']],
    [[], ['']],
  ])('says of %j what the server does', (row, paths) => {
    expect(checkImportedUser(row).map(({ path }) => path)).toEqual(paths);
    const judged = checkAttributes(row);
    expect(judged.isValid ? [] : judged.errors.map(({ path = '' }) => path)).toEqual(paths);
  });

  it('refuses no address that the server takes, nor the other way round', () => {
    const word = fc.stringMatching(/^[a-zäß.'"@ -]{1,8}$/);
    const address = fc.tuple(word, word, word).map(([local, name, end]) => `${local}@${name}.${end}`);
    fc.assert(
      fc.property(fc.oneof(address, fc.emailAddress(), fc.string()), (email) => {
        expect(checkImportedUser({ email }).length === 0).toBe(checkAttributes({ email }).isValid);
      }),
      { numRuns: 1_000 },
    );
  });
});
