import type { Provider } from 'oidc-provider';
import type { Database } from '../platform/database/database.ts';
import { isRecord } from '../platform/is-record.ts';
import { deletePayloads } from './store.ts';

/**
 * Ends the session that the browser has by now, if a sign-in that is about to go on is another user's (spec
 * authentication §9), and lets go of the one that the transaction began in: another tab may have signed in or out
 * meanwhile, which `oidc-provider` meets with a page or a refusal of its own.
 * @returns whether a session was ended
 */
export async function leaveOtherSession(
  database: Database,
  provider: Provider,
  context: ReturnType<Provider['createContext']>,
): Promise<boolean> {
  // The cookie is of this address alone: who has it began the transaction.
  const uid = context.cookies.get(provider.cookieName('resume'), { signed: true });
  const interaction = uid === undefined ? undefined : await provider.Interaction.find(uid);
  const login = interaction?.result?.['login'];
  if (!interaction || !isRecord(login)) return false;
  const session = await provider.Session.get(context);
  const isOther = session.accountId !== undefined && session.accountId !== login['accountId'];
  if (isOther) await deletePayloads(database, { models: ['Session'], uid: session.uid });
  if (interaction.session && (isOther || interaction.session.uid !== session.uid)) {
    delete interaction.session;
    await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
  }
  return isOther;
}
