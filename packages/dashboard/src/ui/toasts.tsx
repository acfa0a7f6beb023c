import { Button, CloseButton, Group, Paper, Portal, Stack, Text } from '@mantine/core';
import type { LinkOptions } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { texts } from '../texts/texts.ts';
import { RouteLink } from './route-link.tsx';

export interface Toast {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** A page of the dashboard where there is more to see. */
  readonly link?: LinkOptions & { readonly label: string };
}

/** Milliseconds; long enough to read it and to reach the button by keyboard. */
const lifetime = 15_000;

interface ShownToast extends Toast {
  readonly id: number;
}

let shown: readonly ShownToast[] = [];
let lastId = 0;
const watchers = new Set<() => void>();

function change(next: readonly ShownToast[]): void {
  shown = next;
  for (const watcher of watchers) watcher();
}

/** Says at the edge of the screen what was done, on whichever page the person is then. */
export function showToast(toast: Toast): void {
  lastId += 1;
  change([...shown.slice(-2), { ...toast, id: lastId }]);
}

const hide = (toast: ShownToast) => change(shown.filter((other) => other !== toast));

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Where toasts appear. */
export function Toasts() {
  const list = useSyncExternalStore(watch, () => shown);
  return (
    <Portal>
      <Stack
        role="status"
        gap="xs"
        style={{ position: 'fixed', insetBlockEnd: 16, insetInline: 16, zIndex: 300, pointerEvents: 'none' }}
        align="center"
      >
        {list.map((toast) => (
          <OneToast key={toast.id} toast={toast} />
        ))}
      </Stack>
    </Portal>
  );
}

function OneToast({ toast }: { readonly toast: ShownToast }) {
  useEffect(() => {
    const timer = setTimeout(() => hide(toast), lifetime);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <Paper withBorder shadow="md" p="sm" maw={480} style={{ pointerEvents: 'auto' }}>
      <Group gap="sm" wrap="nowrap">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{toast.text}</bdi>{' '}
          {toast.link && (
            <RouteLink {...toast.link} onClick={() => hide(toast)}>
              {toast.link.label}
            </RouteLink>
          )}
        </Text>
        {toast.action && (
          <Button
            size="compact-sm"
            variant="light"
            style={{ flexShrink: 0 }}
            onClick={() => {
              hide(toast);
              toast.action?.run();
            }}
          >
            {toast.action.label}
          </Button>
        )}
        <CloseButton size="sm" aria-label={texts.close} onClick={() => hide(toast)} />
      </Group>
    </Paper>
  );
}
