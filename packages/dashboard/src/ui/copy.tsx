import { Button, CopyButton } from '@mantine/core';
import { texts } from '../texts/texts.ts';

/** Copies a text, and says so. */
export function Copy({ value }: { readonly value: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="compact-sm" variant="default" onClick={copy}>
          {copied ? texts.copied : texts.copy}
        </Button>
      )}
    </CopyButton>
  );
}
