import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import type { Database } from '../platform/database/database.ts';
import { deleteFile } from '../platform/jobs/index.ts';
import { InvalidImportError } from './errors.ts';
import { storeUpload } from './store-upload.ts';

export interface ImportFormParts {
  /** Text parts by name. */
  readonly fields: Record<string, string>;
  /** The part `users`, stored; `size` in bytes. */
  readonly file: { readonly id: number; readonly size: number } | undefined;
}

/**
 * Reads the multipart form of an import; its file goes into the database while it arrives.
 * @throws InvalidImportError, FileTooLargeError; nothing stays stored then
 */
export async function readImportForm(
  database: Database,
  request: { readonly stream: Readable; readonly contentType: string },
  options: {
    readonly owner: string;
    readonly limit: number;
    /** Rejects for fields that nothing behind them makes good; asked before the file is taken in. */
    readonly judge: (fields: Readonly<Record<string, string>>) => Promise<void>;
  },
): Promise<ImportFormParts> {
  const parser = createParser(request.contentType);
  const fields: Record<string, string> = {};
  let storing: Promise<{ id: number; size: number }> | undefined;
  parser.on('field', (name: string, value: string) => {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
  });
  const storingFailed = new Promise<never>((_resolve, reject) => {
    parser.on('file', (name: string, content: BusboyFileStream) => {
      if (name !== 'users' || storing) {
        content.resume();
        return;
      }
      storing = options.judge(fields).then(() => storeUpload(database, content, options));
      storing.catch(reject);
    });
  });
  try {
    await Promise.race([parseForm(request.stream, parser), storingFailed]);
    return { fields, file: await storing };
  } catch (error) {
    // The request itself stays: its connection carries the refusal.
    request.stream.unpipe(parser);
    request.stream.resume();
    parser.destroy();
    const stored = await storing?.catch(() => undefined);
    if (stored) await deleteFile(database, stored.id);
    throw error;
  }
}

/** Resolves at the end of the form. */
function parseForm(stream: Readable, parser: BusboyInstance): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('finish', resolve);
    parser.once('error', () => reject(malformed()));
    stream.once('error', reject);
    stream.once('close', () => {
      if (!stream.readableEnded) reject(malformed());
    });
    stream.pipe(parser);
  });
}

function createParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { fields: 20, fieldSize: 16_384, fieldNameSize: 100, files: 2, parts: 30 },
      // Clients that give the part no file name mean the same.
      isPartAFile: (name, _type, fileName) => name === 'users' || fileName !== undefined,
    });
  } catch {
    throw malformed();
  }
}

function malformed(): InvalidImportError {
  return new InvalidImportError("Payload validation error: 'Invalid multipart payload format'.");
}
