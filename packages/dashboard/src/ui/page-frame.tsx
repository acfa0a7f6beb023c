import { useDeferredValue, useMemo } from 'react';
import { prepareFrame } from './prepare-frame.ts';

const nonce = document.querySelector('meta[name="style-nonce"]')?.getAttribute('content') ?? '';

/** HTML that somebody else wrote: it runs nothing, sends nothing and leads nowhere. */
export function PageFrame({ html, title }: { readonly html: string; readonly title: string }) {
  const settled = useDeferredValue(html);
  const prepared = useMemo(() => prepareFrame(settled, nonce), [settled]);
  return (
    <iframe
      title={title}
      sandbox=""
      srcDoc={prepared}
      style={{
        width: '100%',
        height: '32rem',
        resize: 'vertical',
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-sm)',
        // Mail is written for white paper.
        background: '#ffffff',
        colorScheme: 'light',
      }}
    />
  );
}
