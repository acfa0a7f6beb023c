import type { ManagementClient } from '@muster/contract';
import * as operations from '@muster/contract';
import { translate } from '../../texts/texts.ts';

const findTexts = translate({
  en: {
    noSuchUser: 'No user has this address or id.',
    severalUsers: 'Several users have this address: use the id of one.',
  },
  de: {
    noSuchUser: 'Kein Benutzer hat diese Adresse oder Kennung.',
    severalUsers: 'Mehrere Benutzer haben diese Adresse: Nehmen Sie die Kennung.',
  },
});

/** Whom somebody means who typed an e-mail address or an id. @throws Error, in words for them, when that is not one user */
export async function findUserId(management: ManagementClient, typed: string): Promise<string> {
  const text = typed.trim();
  if (text.includes('|')) return text;
  const { body } = await management.call(operations.listUsersByEmail, { query: { email: text } });
  const [first, second] = body;
  if (second) throw new Error(findTexts.severalUsers);
  if (first?.user_id === undefined) throw new Error(findTexts.noSuchUser);
  return first.user_id;
}
