import { Tabs } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import './tab-list.css';

/** The tabs of a page; the one that is open is in sight, also where a link led straight to it. */
export function TabList({ open, children }: { readonly open: string; readonly children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const tab = list.current?.querySelector('[aria-selected="true"]');
    if (open !== '') tab?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [open]);
  return (
    <Tabs.List ref={list} mb="md" className="tab-list">
      {children}
    </Tabs.List>
  );
}
