import { hash } from 'node:crypto';
import type { NamedUser } from '../effective-names.ts';

/**
 * The picture of a user who has none (spec users-and-search §7): Gravatar's for the e-mail address, which
 * falls back to two letters drawn by this server; the letters alone where Gravatar is switched off or there
 * is no address.
 */
export function defaultPicture(
  user: NamedUser,
  options: { readonly publicUrl: string; readonly usesGravatar: boolean },
): string {
  if (user.email && options.usesGravatar) return gravatarOf(user.email, options.publicUrl);
  return lettersUrl(user.email ?? user.name ?? user.username ?? '', options.publicUrl);
}

function gravatarOf(email: string, publicUrl: string): string {
  const digest = hash('md5', email.trim().toLowerCase());
  // The letters need no encoding.
  const fallback = `${encodeUrl(publicUrl)}%2Favatars%2F${pictureLetters(email)}.png`;
  return `https://s.gravatar.com/avatar/${digest}?s=480&r=pg&d=${fallback}`;
}

let lastEncoded = { url: '', encoded: '' };

/** A server has one public URL. */
function encodeUrl(url: string): string {
  if (lastEncoded.url !== url) lastEncoded = { url, encoded: encodeURIComponent(url) };
  return lastEncoded.encoded;
}

function lettersUrl(text: string, publicUrl: string): string {
  return `${publicUrl}/avatars/${pictureLetters(text)}.png`;
}

/** The first two Latin letters of a text, lower case; `aa` stands for none. */
export function pictureLetters(text: string): string {
  // What most names and addresses begin with needs no look at the rest.
  const begun = text.slice(0, 2).toLowerCase();
  if (/^[a-z]{2}$/.test(begun)) return begun;
  const letters = text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/@.*|[^a-z]/g, '');
  return letters.slice(0, 2).padEnd(2, letters[0] ?? 'a');
}
