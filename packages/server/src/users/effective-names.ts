/** What names and pictures are made from. */
export type NamedUser = {
  readonly [Name in 'email' | 'username' | 'phoneNumber' | 'name' | 'nickname']?: string | undefined;
};

/** The name that callers see: the user's own, else the best identifier (spec users-and-search §1.3). */
export function effectiveName(user: NamedUser): string | undefined {
  return user.name ?? user.email ?? user.username ?? user.phoneNumber;
}

/** The nickname that callers see: the user's own, else the mailbox of the address, else the username. */
export function effectiveNickname(user: NamedUser): string | undefined {
  return user.nickname ?? localPart(user.email) ?? user.username;
}

function localPart(email: string | undefined): string | undefined {
  return email?.slice(0, email.lastIndexOf('@'));
}
