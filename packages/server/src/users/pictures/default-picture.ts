import { hash } from 'node:crypto';

/**
 * The picture of a user who has none (spec users-and-search §7): Gravatar's for the e-mail address, which
 * falls back to two letters drawn by this server; the letters alone where Gravatar is switched off or there
 * is no address.
 */
export function defaultPicture(
  user: {
    readonly email?: string;
    readonly name?: string;
    readonly username?: string;
    readonly phoneNumber?: string;
  },
  options: { readonly publicUrl: string; readonly usesGravatar: boolean },
): string {
  const letters = pictureLetters(user.email ?? user.name ?? user.username ?? '');
  const fallback = `${options.publicUrl}/avatars/${letters}.png`;
  if (!user.email || !options.usesGravatar) return fallback;
  const digest = hash('md5', user.email.trim().toLowerCase());
  return `https://s.gravatar.com/avatar/${digest}?s=480&r=pg&d=${encodeURIComponent(fallback)}`;
}

/** The first two Latin letters of a text, lower case; `aa` stands for none. */
export function pictureLetters(text: string): string {
  const letters = text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/@.*|[^a-z]/g, '');
  return letters.slice(0, 2).padEnd(2, letters[0] ?? 'a');
}
