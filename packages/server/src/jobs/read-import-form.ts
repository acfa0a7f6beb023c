import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
  options: { readonly owner: string; readonly limit: number },
): Promise<ImportFormParts> {
  const parser = createParser(request.contentType);
  const fields: Record<string, string> = {};
  let storing: Promise<{ id: number; size: number }> | undefined;
  parser.on('field', (name: string, value: string) => {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
  });
  parser.on('file', (name: string, content: BusboyFileStream) => {
    if (name !== 'users' || storing) {
      content.resume();
      return;
    }
    storing = storeUpload(database, content, options);
    // Ends the reading of the form: nobody takes the rest of its file.
    storing.catch((error: unknown) => parser.destroy(error instanceof Error ? error : undefined));
  });
  try {
    await pipeline(request.stream, parser);
  } catch (error) {
    const stored = await storing?.catch((cause: unknown) => {
      throw cause;
    });
    if (stored) await deleteFile(database, stored.id);
    if (error instanceof Error && /multipart|boundary|form/i.test(error.message)) throw malformed();
    throw error;
  }
  return { fields, file: await storing };
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
