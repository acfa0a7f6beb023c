import { Alert, Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { texts } from '../texts/texts.ts';

/** What went wrong, in the server's words, with a way on. */
export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <Alert color="red" role="alert" title={texts.failed}>
      <Stack gap="xs" align="start">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        {onRetry && (
          <Button size="compact-sm" variant="light" color="red" onClick={onRetry}>
            {texts.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** A list that has nothing in it, and what may be done about it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack align="center" gap={4} py={64}>
      <Text fw={600}>{title}</Text>
      <Text c="dimmed" size="sm" ta="center">
        {children}
      </Text>
    </Stack>
  );
}
