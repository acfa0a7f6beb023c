import { setTimeout as sleep } from 'node:timers/promises';
import { appendLogEvent } from '../../logs/index.ts';
import type { Database } from '../../platform/database/database.ts';
import {
  createMailer,
  type Mailbox,
  type Mailer,
  PermanentMailError,
  parseMailbox,
  type SmtpSettings,
  TransientMailError,
} from '../../platform/mail/index.ts';
import { findSmtpOfTenant } from '../provider/email-provider.ts';
import { deleteOldTickets } from '../tickets/store.ts';
import {
  maskMessageSecrets,
  type PreparedMessage,
  prepareMessage,
  type RenderDependencies,
  type RenderedMessage,
} from './render-message.ts';
import {
  claimDueMessages,
  deleteOldMessages,
  finishMessage,
  type MessageRecord,
  postponeMessage,
  type RenderedParts,
} from './store.ts';

export interface DeliveryDependencies extends RenderDependencies {
  /** The operator's server, for a tenant without a provider of its own. */
  readonly smtp: { readonly smtp: SmtpSettings; readonly from?: Mailbox } | undefined;
  /** Seconds before the second attempt; each further wait is twice as long, up to an hour. Default 30. */
  readonly firstRetry?: number;
}

/** Messages under way at once. */
const batchSize = 5;
/** Seconds that a claimed message is left to its process; longer than an attempt can take. */
const lease = 120;
/** Milliseconds between looks at the outbox. */
const pollInterval = 1_000;
/** Seconds. */
const defaultFirstRetry = 30;
const longestRetry = 3_600;
/** Milliseconds that a stop waits for messages under way before it cuts them off. */
const stopGrace = 5_000;
/** Days that finished messages are kept. */
const retentionDays = 30;
const deletionBatch = 1_000;
/** Milliseconds between deletions of what is past retention. */
const deletionInterval = 3_600_000;

interface Sending {
  readonly mailer: Mailer;
  readonly sender: Mailbox | undefined;
}

/**
 * Sends what is due, up to five messages at once. A message is marked as sent after the server took it: a process
 * that dies in between leaves it to be sent again, under the same Message-ID. It may come twice, never not at all.
 * @returns how many were handled; 0 means that nothing is due
 */
export async function deliverDueMessages(
  dependencies: DeliveryDependencies,
  signal?: AbortSignal,
): Promise<number> {
  const messages = await claimDueMessages(dependencies.database, { limit: batchSize, lease });
  if (messages.length === 0) return 0;
  const sending = await openSending(dependencies);
  await Promise.all(messages.map((message) => handle(dependencies, sending, message, signal)));
  return messages.length;
}

/** Delivers for as long as the process runs; any number of processes may. */
export function startMailDelivery(dependencies: DeliveryDependencies): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const cutting = new AbortController();
  const running = run(dependencies, stopping.signal, cutting.signal);
  return {
    stop: async () => {
      stopping.abort();
      const timer = setTimeout(() => cutting.abort(), stopGrace);
      await running;
      clearTimeout(timer);
    },
  };
}

async function run(
  dependencies: DeliveryDependencies,
  stopping: AbortSignal,
  cutting: AbortSignal,
): Promise<void> {
  const { database, logger } = dependencies;
  let nextDeletion = 0;
  while (!stopping.aborted) {
    try {
      if (Date.now() >= nextDeletion) {
        nextDeletion = Date.now() + deletionInterval;
        await deleteOld(database);
      }
      if ((await deliverDueMessages(dependencies, cutting)) === batchSize) continue;
    } catch (error) {
      logger.error({ err: error }, 'the outbox could not be delivered; it is tried again');
    }
    // The abort of the wait is the stop itself.
    await sleep(pollInterval, undefined, { signal: stopping, ref: false }).catch(() => undefined);
  }
}

async function deleteOld(database: Database): Promise<void> {
  while (
    (await deleteOldMessages(database, { days: retentionDays, limit: deletionBatch })) === deletionBatch
  );
  while ((await deleteOldTickets(database, deletionBatch)) === deletionBatch);
}

/** The tenant's provider, else the operator's server, else nothing. */
async function openSending(dependencies: DeliveryDependencies): Promise<Sending | undefined> {
  const tenant = await findSmtpOfTenant(dependencies.database, dependencies.secrets);
  if (tenant) {
    const sender = tenant.from === null ? undefined : parseMailbox(tenant.from);
    return { mailer: createMailer(tenant.smtp), sender };
  }
  const operator = dependencies.smtp;
  return operator && { mailer: createMailer(operator.smtp), sender: operator.from };
}

/** Never throws: one message must not hold up the others of its batch. */
async function handle(
  dependencies: DeliveryDependencies,
  sending: Sending | undefined,
  message: MessageRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database, logger } = dependencies;
  try {
    if (!sending) {
      await finishMessage(database, message.id, { status: 'kept' });
      return;
    }
    const prepared = await prepareMessage(dependencies, message);
    if (!prepared) {
      await finishMessage(database, message.id, { status: 'failed', failure: 'The user no longer exists.' });
      return;
    }
    await send(dependencies, sending, message, prepared, signal);
  } catch (error) {
    logger.error({ err: error, message: message.id }, 'a message could not be handled; it is tried again');
    // The lease brings it back even when this fails as well.
    await retryOrFail(
      dependencies,
      message,
      undefined,
      'Internal error; the log of the server has it.',
    ).catch(() => undefined);
  }
}

async function send(
  dependencies: DeliveryDependencies,
  { mailer, sender }: Sending,
  message: MessageRecord,
  prepared: PreparedMessage,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { database, publicUrl } = dependencies;
  const mail = prepared.render(prepared.secrets, sender);
  const toKeep = () => toParts(prepared.render(maskMessageSecrets(prepared.secrets), sender));
  const messageId = `${message.id}.${message.createdAt.getTime()}@${new URL(publicUrl).hostname}`;
  try {
    await mailer.send({ ...mail, to: message.recipient, messageId }, signal);
  } catch (error) {
    if (error instanceof PermanentMailError) {
      await fail(database, message, toKeep(), error.message);
      return;
    }
    if (!(error instanceof TransientMailError)) throw error;
    await retryOrFail(dependencies, message, toKeep, error.message, signal?.aborted);
    return;
  }
  await finishMessage(database, message.id, { status: 'sent', rendered: toKeep() });
}

async function retryOrFail(
  { database, firstRetry = defaultFirstRetry }: DeliveryDependencies,
  message: MessageRecord,
  toKeep: (() => RenderedParts) | undefined,
  failure: string,
  isCutOff = false,
): Promise<void> {
  const delay = isCutOff ? 0 : waitBefore(message.attempts, firstRetry);
  if (Date.now() + delay * 1000 > message.giveUpAt.getTime()) {
    await fail(database, message, toKeep?.(), failure);
    return;
  }
  await postponeMessage(database, message.id, message.attempts, delay, failure);
}

/** Seconds; a fifth more or less, so that what failed together does not come back together. */
function waitBefore(attempts: number, firstRetry: number): number {
  return Math.min(firstRetry * 2 ** (attempts - 1), longestRetry) * (0.8 + Math.random() * 0.4);
}

async function fail(
  database: Database,
  message: MessageRecord,
  rendered: RenderedParts | undefined,
  failure: string,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await finishMessage(transaction, message.id, { status: 'failed', rendered, failure });
    await appendLogEvent(transaction, {
      type: 'fn',
      description: failure,
      ...(message.userId === null ? {} : { userId: message.userId }),
      userName: message.recipient,
      details: { email_type: message.kind, to: message.recipient, message_id: message.id },
    });
  });
}

function toParts({ from, ...parts }: RenderedMessage): RenderedParts {
  return { ...parts, from: from.name === '' ? from.address : `${from.name} <${from.address}>` };
}
