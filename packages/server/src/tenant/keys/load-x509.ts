/** Only when a key is made or shown as PKCS #7: some 170 modules, which every start of a process would pay for. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  // It is built on a container that reads decorators' metadata; this must come before it.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
