import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider';
import type { DeviceCodeState } from '../sign-in/index.ts';
import { factsOf } from './request-facts.ts';

/** `oidc-provider` shows one form for whatever became of a device's code, and exports none of these classes. */
const wrongCodes = ['NoCodeError', 'NotFoundError', 'ExpiredError', 'AlreadyUsedError'];

/** What its page must say: `problem` and `error` are absent where somebody has only just come. */
export async function describeDeviceCode(
  context: KoaContextWithOIDC,
  problem: ErrorOut | undefined,
  error: Error | undefined,
): Promise<DeviceCodeState> {
  if (!problem && !error) return { kind: 'asked', userCode: factsOf(context)?.userCode };
  if (error && wrongCodes.includes(error.name)) return { kind: 'wrong' };
  if (error?.name === 'AbortedError') return { kind: 'declined' };
  if (problem?.error_description === 'user is blocked')
    return { kind: 'blocked', clientName: await findClientName(context) };
  return { kind: 'failed', problem: problem ?? { error: 'server_error' } };
}

async function findClientName({ oidc }: KoaContextWithOIDC): Promise<string> {
  const id = String(oidc.entities.Interaction?.params['client_id'] ?? '');
  const client = oidc.client ?? (await oidc.provider.Client.find(id));
  return client?.clientName ?? id;
}
