import { UnstyledButton } from '@mantine/core';
import type { ComponentProps } from 'react';

/** The three dots behind which a row's actions are. */
export function MenuButton({
  label,
  className = '',
  ...props
}: { readonly label: string } & Omit<ComponentProps<typeof UnstyledButton<'button'>>, 'children'>) {
  return (
    // A menu that opens from it has a class of its own for it.
    <UnstyledButton className={`row-menu ${className}`} aria-label={label} {...props}>
      ⋯
    </UnstyledButton>
  );
}
