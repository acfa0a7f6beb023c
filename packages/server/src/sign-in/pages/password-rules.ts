import type { PasswordPolicy } from '../../connections/index.ts';
import { fill } from './look.ts';
import type { Rule } from './page.ts';
import type { Texts } from './texts/en.ts';

const patterns = {
  lowercase: '[a-z]',
  uppercase: '[A-Z]',
  number: '[0-9]',
  special: '[ -\\/:-@\\[-`{-~]',
} as const;

/**
 * What a policy asks of a password, for people.
 * @param which of a person's passwords: the first one has no history
 */
export function listPasswordRules(
  policy: PasswordPolicy,
  { common: { common } }: Texts,
  which: 'first' | 'another',
): Rule[] {
  const types: Record<keyof typeof patterns, string> = {
    lowercase: common.ruleLowercase,
    uppercase: common.ruleUppercase,
    number: common.ruleNumber,
    special: common.ruleSpecial,
  };
  const composition = policy.characterTypes.map(
    (type): Rule => ({ text: types[type], pattern: patterns[type] }),
  );
  const count = policy.requiredCharacterTypes;
  return [
    ...(policy.minimumLength > 1
      ? [
          {
            text: fill(common.ruleLength, { count: policy.minimumLength }),
            pattern: `^.{${policy.minimumLength}}`,
          },
        ]
      : []),
    ...(count >= composition.length
      ? composition
      : [{ text: fill(common.ruleSome, { count }), items: composition }]),
    ...(policy.refusesIdenticalCharacters
      ? [{ text: common.ruleIdentical, pattern: '^(?!.*(.)\\1\\1).+' }]
      : []),
    ...(policy.refusesSequentialCharacters ? [{ text: common.ruleSequential }] : []),
    ...(policy.dictionary ? [{ text: common.ruleDictionary }] : []),
    ...(policy.historySize > 0 && which === 'another' ? [{ text: common.ruleHistory }] : []),
    ...(policy.refusesPersonalData ? [{ text: common.rulePersonal }] : []),
  ];
}
