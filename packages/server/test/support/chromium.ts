import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/**
 * A real Chromium without a window: the machine's own, else the one that a package brings. That package's own arguments
 * are for another place: one process for everything, which a crash of one page ends, and no web security.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = installed ?? (await (await import('@sparticuz/chromium')).default.executablePath());
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
