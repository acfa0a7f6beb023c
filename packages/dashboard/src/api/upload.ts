import { createUpload, getUpload, ManagementCallError, type ManagementClient } from '@muster/contract';
import type { Workplace } from './management.ts';
import { readMessage } from './read-message.ts';

/** Bytes of one request: what is sent anew when a connection breaks. */
const pieceSize = 4 * 1024 * 1024;
/** Milliseconds between tries, and how often a piece is tried: about a minute without a connection. */
const retryPause = 2_000;
const mostTries = 30;

/** Bytes to be sent, read as they are sent. */
export interface UploadSource {
  readonly size: number;
  /** Whoever reads never goes back before a place that was read from. */
  readonly read: (from: number, to: number) => Promise<Blob>;
}

/** A file as it is. */
export const toSource = (file: Blob): UploadSource => ({
  size: file.size,
  read: async (from, to) => file.slice(from, to),
});

/**
 * Sends bytes in pieces, each of which is tried again when the connection breaks.
 * @returns the upload's id, for an import
 */
export async function uploadFile(
  workplace: Workplace,
  file: UploadSource,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<number> {
  const { management } = workplace;
  const { id } = (await management.call(createUpload, { body: { size: file.size } })).body;
  let offset = 0;
  for (let tries = 0; offset < file.size; ) {
    signal.throwIfAborted();
    try {
      offset = await sendPiece(workplace, id, file, offset, signal);
      tries = 0;
    } catch (error) {
      if (signal.aborted || !isPassing(error) || ++tries > mostTries) throw error;
      await new Promise((settle) => setTimeout(settle, retryPause));
    }
    onProgress(offset);
  }
  return id;
}

/** @returns how far the upload is then: where it was when the server had this piece already */
async function sendPiece(
  { management, session }: Workplace,
  id: number,
  file: UploadSource,
  offset: number,
  signal: AbortSignal,
): Promise<number> {
  const answer = await fetch(`/api/v2/jobs/uploads/${id}?offset=${offset}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${await session.getToken()}`,
      'content-type': 'application/octet-stream',
    },
    body: await file.read(offset, Math.min(offset + pieceSize, file.size)),
    signal,
  });
  if (!answer.ok && answer.status !== 409)
    throw new ManagementCallError(answer.status, await readMessage(answer), undefined);
  return readOffset(management, id);
}

/** Whether it may go better in a while: the connection broke, or the server has too much to do. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ManagementCallError) || error.statusCode >= 500 || error.statusCode === 429;
}

async function readOffset(management: ManagementClient, id: number): Promise<number> {
  return (await management.call(getUpload, { parameters: { id } })).body.offset;
}

/** Begins an import of what was uploaded. @returns the job's id */
export async function startImport(
  workplace: Workplace,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const answer = await fetch('/api/v2/jobs/users-imports', {
    method: 'POST',
    headers: { authorization: `Bearer ${await workplace.session.getToken()}` },
    body: form,
  });
  if (!answer.ok) throw new ManagementCallError(answer.status, await readMessage(answer), undefined);
  const job: unknown = await answer.json();
  return String(Reflect.get(Object(job), 'id'));
}
