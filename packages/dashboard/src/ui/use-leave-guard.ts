import { useBlocker } from '@tanstack/react-router';

/**
 * Asks before the page is left, within the dashboard or altogether, while something runs in it that leaving would stop.
 * @param isBusy asked at that moment
 */
export function useLeaveGuard(isBusy: () => boolean, question: string): void {
  useBlocker({
    // The browser's own question: leaving altogether cannot be asked about by anything else either.
    shouldBlockFn: () => isBusy() && !window.confirm(question),
    enableBeforeUnload: isBusy,
  });
}
