/** Letters, digits and signs enough for every policy: 144 random bits. */
export function generatePassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `${btoa(String.fromCharCode(...bytes))}aA1!`;
}
