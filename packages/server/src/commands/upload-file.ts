import { open, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { formatBytes, startProgress } from './progress-line.ts';
import { isPassing, readProperty, type ServerClient, ServerRefusal } from './server-client.ts';
import type { UploadNotes } from './upload-note.ts';

/** Bytes of one request: what is sent anew when a connection breaks. */
const pieceSize = 8 * 1024 * 1024;
/** Milliseconds between tries, and how often a piece is tried. */
const retryPause = 2_000;
const mostTries = 150;

/**
 * Sends a file in pieces. What the server has of it is kept in the notes, so that the same command goes on after an
 * interruption of either side. @returns the upload's id
 */
export async function uploadFile(server: ServerClient, path: string, notes: UploadNotes): Promise<number> {
  const { size } = await stat(path);
  if (size === 0) throw new ServerRefusal(400, `${path} is empty.`);
  const known = await findUpload(server, (await notes.read())?.id);
  const upload = known ?? (await server.call('POST', '/jobs/uploads', { size }));
  const id = Number(readProperty(upload, 'id'));
  await notes.write({ id, isSent: false });
  if (known) process.stderr.write(`Going on behind ${formatBytes(Number(readProperty(known, 'offset')))}.\n`);
  const file = await open(path, 'r');
  const progress = startProgress('Uploading');
  try {
    let offset = Number(readProperty(upload, 'offset') ?? 0);
    for (let tries = 0; offset < size; ) {
      progress.show({ done: offset, total: size, text: `${formatBytes(offset)} of ${formatBytes(size)}` });
      const piece = Buffer.alloc(Math.min(pieceSize, size - offset));
      await file.read(piece, 0, piece.length, offset);
      try {
        offset = readOffset(await server.send('PUT', `/jobs/uploads/${id}?offset=${offset}`, piece));
        tries = 0;
      } catch (error) {
        const isBehind = error instanceof ServerRefusal && error.status === 409;
        if ((!isPassing(error) && !isBehind) || ++tries > mostTries) throw error;
        if (!isBehind) await wait(retryPause);
        offset = readOffset(await server.call('GET', `/jobs/uploads/${id}`));
      }
    }
  } finally {
    progress.end();
    await file.close();
  }
  return id;
}

async function findUpload(server: ServerClient, id: number | undefined): Promise<unknown> {
  if (id === undefined) return undefined;
  try {
    return await server.call('GET', `/jobs/uploads/${id}`);
  } catch (error) {
    if (error instanceof ServerRefusal && error.status === 404) return undefined;
    throw error;
  }
}

function readOffset(upload: unknown): number {
  return Number(readProperty(upload, 'offset'));
}
