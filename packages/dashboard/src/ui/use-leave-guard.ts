import { useBlocker } from '@tanstack/react-router';
import { useEffect } from 'react';

interface Guard {
  readonly isBusy: () => boolean;
  readonly question: string;
}

const guards = new Set<Guard>();
const findBusy = () => [...guards].find((guard) => guard.isBusy());

/**
 * Asks before the page is left, within the dashboard or altogether, while something is in it that leaving would lose. A page may
 * have several of them: it is asked about once.
 * @param isBusy asked at that moment
 */
export function useLeaveGuard(isBusy: () => boolean, question: string): void {
  useEffect(() => {
    const guard = { isBusy, question };
    guards.add(guard);
    return () => void guards.delete(guard);
  }, [isBusy, question]);
}

/** Puts the questions of all guards; stands once, around every page. */
export function useLeaveQuestion(): void {
  useBlocker({
    shouldBlockFn: () => {
      const guard = findBusy();
      // The browser's own question: leaving altogether cannot be asked about by anything else either.
      return guard !== undefined && !window.confirm(guard.question);
    },
    enableBeforeUnload: () => findBusy() !== undefined,
  });
}
