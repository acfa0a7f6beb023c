import { Button } from '@mantine/core';
import type { ComponentProps } from 'react';

/** The three dots behind which a row's actions are. */
export function MenuButton({
  label,
  ...props
}: { readonly label: string } & Omit<ComponentProps<typeof Button<'button'>>, 'children'>) {
  return (
    <Button variant="subtle" color="gray" size="compact-md" px={8} aria-label={label} {...props}>
      ⋯
    </Button>
  );
}
