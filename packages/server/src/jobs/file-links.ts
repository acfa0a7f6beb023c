import { timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '../platform/secrets/secret-box.ts';
import { InvalidLinkError } from './errors.ts';

/** Seconds during which a link begins a download: whoever has it needs no token. */
const linkLifetime = 600;

export interface FileLinks {
  readonly secrets: SecretBox;
  /** Origin of the links. */
  readonly publicUrl: string;
}

/** Path of the downloads, below the public URL. */
export const downloadsPath = '/downloads';

/** Makes an address that lets anybody download the file for a while. @param name what the file is saved as */
export function createFileLink(
  { secrets, publicUrl }: FileLinks,
  fileId: number,
  name: string,
  now = new Date(),
): string {
  const expires = Math.floor(now.getTime() / 1000) + linkLifetime;
  const signature = sign(secrets, fileId, name, expires).toString('base64url');
  return `${publicUrl}${downloadsPath}/${fileId}/${name}?expires=${expires}&signature=${signature}`;
}

/** @throws InvalidLinkError */
export function assertFileLink(
  secrets: SecretBox,
  link: {
    readonly fileId: number;
    readonly name: string;
    readonly expires: number;
    readonly signature: string;
  },
): void {
  const expected = sign(secrets, link.fileId, link.name, link.expires);
  const given = Buffer.from(link.signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new InvalidLinkError(false);
  if (link.expires * 1000 < Date.now()) throw new InvalidLinkError(true);
}

function sign(secrets: SecretBox, fileId: number, name: string, expires: number): Buffer {
  return secrets.sign(JSON.stringify([fileId, name, expires]), 'download link');
}
