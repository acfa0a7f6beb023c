import type { Database } from '../../platform/database/database.ts';
import { isAddress } from '../../platform/mail/index.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { getActiveTemplate } from '../templates/active-template.ts';
import type { MessageKind } from '../templates/texts/message-text.ts';
import { insertMessage } from './store.ts';

export interface QueueDependencies {
  readonly secrets: SecretBox;
  /** Origin of the links. */
  readonly publicUrl: string;
}

/** What lets whoever has it act for the user: kept encrypted, and only until the message is sent. */
export interface MessageSecrets {
  readonly url?: string;
  /** The address of the enrollment and passwordless templates. */
  readonly link?: string;
  readonly code?: string;
}

export interface MessageRequest {
  readonly kind: MessageKind;
  readonly recipient: string;
  /** The user that `user.…` of the template is about; read when the message is rendered. */
  readonly userId?: string | undefined;
  readonly clientId?: string | undefined;
  /** Name of the connection. */
  readonly connection?: string | undefined;
  /** A language tag or an `Accept-Language` header; wins over the user's own setting. */
  readonly requestLanguage?: string | undefined;
  readonly secrets?: MessageSecrets | undefined;
  /** Further variables of the template: `inviter`, `roles`, `organization`, `user` with `source_ip` … No secrets. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Seconds during which the link or code is good; delivery is tried as long, for a day at most. */
  readonly lifetime?: number | undefined;
}

/** Seconds that delivery is tried at most. */
const longestDelivery = 86_400;
export const messageSecretContext = 'outbox message';

/**
 * Puts a message into the outbox, in the caller's transaction: it is sent if and only if that commits.
 * @returns whether it was queued: false when its template is switched off or the recipient is not an address
 */
export async function queueMessage(
  transaction: Database,
  { secrets }: Pick<QueueDependencies, 'secrets'>,
  request: MessageRequest,
): Promise<boolean> {
  if (!isAddress(request.recipient)) return false;
  const { isEnabled } = await getActiveTemplate(transaction, request.kind);
  if (!isEnabled) return false;
  await insertMessage(transaction, {
    kind: request.kind,
    userId: request.userId ?? null,
    recipient: request.recipient,
    details: {
      ...(request.clientId === undefined ? {} : { client_id: request.clientId }),
      ...(request.connection === undefined ? {} : { connection: request.connection }),
      ...(request.requestLanguage === undefined
        ? {}
        : { request_language: request.requestLanguage.slice(0, 200) }),
      ...(request.variables === undefined ? {} : { variables: request.variables }),
    },
    secrets: request.secrets ? secrets.encrypt(JSON.stringify(request.secrets), messageSecretContext) : null,
    deliverWithin: Math.min(request.lifetime ?? longestDelivery, longestDelivery),
  });
  return true;
}
