import { createUpload, getUpload, ManagementCallError, type ManagementClient } from '@muster/contract';
import type { Workplace } from './management.ts';

/** Bytes of one request: what is sent anew when a connection breaks. */
const pieceSize = 4 * 1024 * 1024;
const mostTries = 5;

/**
 * Sends a file in pieces, each of which is tried again when the connection breaks.
 * @returns the upload's id, for an import
 */
export async function uploadFile(
  workplace: Workplace,
  file: Blob,
  signal: AbortSignal,
  onProgress: (sent: number) => void,
): Promise<number> {
  const { management, session } = workplace;
  const { id } = (await management.call(createUpload, { body: { size: file.size } })).body;
  let offset = 0;
  for (let tries = 0; offset < file.size; ) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(`/api/v2/jobs/uploads/${id}?offset=${offset}`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${await session.getToken()}`,
          'content-type': 'application/octet-stream',
        },
        body: file.slice(offset, offset + pieceSize),
        signal,
      });
      if (!answer.ok && answer.status !== 409)
        throw new ManagementCallError(answer.status, await readMessage(answer), undefined);
      tries = 0;
    } catch (error) {
      const isPassing = !(error instanceof ManagementCallError) || error.statusCode >= 500;
      if (signal.aborted || !isPassing || ++tries > mostTries) throw error;
    }
    offset = await readOffset(management, id);
    onProgress(offset);
  }
  return id;
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

async function readMessage(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const message: unknown = Reflect.get(Object(JSON.parse(text)), 'message');
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}
