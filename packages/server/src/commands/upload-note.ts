import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readProperty, type ServerClient } from './server-client.ts';

/** What is kept beside a file while it is sent and imported, so that the same command goes on after an interruption. */
export interface UploadNote {
  /** Id of the upload. */
  readonly id: number;
  /** Whether its import was asked for: the answer may have been lost. */
  readonly isSent: boolean;
}

export interface UploadNotes {
  /** @returns undefined where there is none, or the file is another one since */
  read(): Promise<UploadNote | undefined>;
  write(note: UploadNote): Promise<void>;
  remove(): Promise<void>;
}

/** The note of a file for a server. */
export async function openNotes(server: ServerClient, path: string): Promise<UploadNotes> {
  const { size, mtimeMs } = await stat(path);
  const notePath = `${resolve(path)}.muster-upload`;
  const mark = `${server.url} ${size} ${mtimeMs}`;
  return {
    read: async () => {
      const note = await readNote(notePath);
      if (readProperty(note, 'mark') !== mark) return undefined;
      return { id: Number(readProperty(note, 'id')), isSent: readProperty(note, 'isSent') === true };
    },
    write: (note) => writeFile(notePath, JSON.stringify({ mark, ...note })),
    remove: () => rm(notePath, { force: true }),
  };
}

async function readNote(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}
