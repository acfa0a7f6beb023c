import { texts } from '../texts/texts.ts';
import { useLeaveGuard } from './use-leave-guard.ts';

/**
 * The habit of dialogs that are typed into: neither a key, a click beside them nor the way back loses what was typed without a
 * question. A button that says so, such as cancel, needs none.
 * @param typed what stands in the dialog's fields; nothing where it is safe by now
 * @returns closes the dialog, where that is agreed to
 */
export function useGuardedClose(typed: readonly string[], onClose: () => void): () => void {
  const isTyped = isAnyTyped(typed);
  useLeaveGuard(() => isTyped, texts.leaveUnsaved);
  return () => {
    // The question of pages too: another dialog would cover what it asks about.
    if (!isTyped || window.confirm(texts.closeUnsaved)) onClose();
  };
}

/** The same of fields that stand on a page and are sent by their own button: leaving it is asked about. */
export function useTypedGuard(typed: string): void {
  const isTyped = isAnyTyped([typed]);
  useLeaveGuard(() => isTyped, texts.leaveUnsaved);
}

const isAnyTyped = (typed: readonly string[]) => typed.some((text) => text.trim() !== '');
