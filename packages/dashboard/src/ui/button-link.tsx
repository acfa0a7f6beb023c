import { Button } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** A link to a page of the dashboard that looks like a button. */
export const ButtonLink = createLink(
  ({ color: _, variant = 'default', ...props }: ComponentProps<'a'> & { readonly variant?: string }) => (
    <Button component="a" variant={variant} {...props} />
  ),
);
