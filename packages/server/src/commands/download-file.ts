import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatBytes, startProgress } from './progress-line.ts';
import { type ServerClient, ServerRefusal } from './server-client.ts';

/** Downloads a signed link. The file has its name once it is whole. @returns its bytes */
export async function downloadFile(server: ServerClient, location: string, path: string): Promise<number> {
  // The server is reached by another name here than the one that it gives itself, perhaps.
  const { pathname, search } = new URL(location);
  const answer = await fetch(server.url + pathname + search);
  if (!answer.ok || !answer.body) throw new ServerRefusal(answer.status, await answer.text());
  const total = Number(answer.headers.get('content-length'));
  const progress = startProgress('Downloading');
  const partial = `${path}.part`;
  let done = 0;
  const counting = new Transform({
    transform: (piece: Buffer, _encoding, callback) => {
      done += piece.length;
      progress.show({ done, total, text: formatBytes(done) });
      callback(null, piece);
    },
  });
  try {
    await pipeline(Readable.fromWeb(answer.body), counting, createWriteStream(partial));
    if (done !== total) throw new ServerRefusal(200, `The download ended after ${done} of ${total} bytes.`);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    progress.end();
  }
  return done;
}
