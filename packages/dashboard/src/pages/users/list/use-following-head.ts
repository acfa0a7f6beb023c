import { type RefObject, useEffect } from 'react';

/** Pixels of the bar at the top of every page. */
const barHeight = 56;

/**
 * Keeps the head of a table in view that lies in a box of its own, which a box that scrolls sideways does not let the browser's
 * own `position: sticky` do: the head is moved down as far as the page is.
 */
export function useFollowingHead(table: RefObject<HTMLTableElement | null>, isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded) return;
    const follow = () => {
      const { current } = table;
      const head = current?.tHead;
      if (!current || !head) return;
      const { top, height } = current.getBoundingClientRect();
      // Not beyond its own last row.
      const shift = Math.min(Math.max(0, barHeight - top), Math.max(0, height - 2 * head.offsetHeight));
      current.style.setProperty('--head-shift', `${shift}px`);
    };
    follow();
    window.addEventListener('scroll', follow, { passive: true });
    return () => {
      window.removeEventListener('scroll', follow);
      table.current?.style.removeProperty('--head-shift');
    };
  }, [table, isNeeded]);
}
