import { UnstyledButton } from '@mantine/core';
import type { ComponentProps } from 'react';

/** The three dots behind which a row's actions are. */
export function MenuButton({
  label,
  ...props
}: { readonly label: string } & Omit<ComponentProps<typeof UnstyledButton<'button'>>, 'children'>) {
  return (
    <UnstyledButton className="row-menu" aria-label={label} {...props}>
      ⋯
    </UnstyledButton>
  );
}
