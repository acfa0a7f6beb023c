import { Anchor } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

/** A link to a page of the dashboard, in the dashboard's looks. */
export const RouteLink = createLink((props: ComponentProps<'a'>) => (
  <Anchor {...props} fz="inherit" fw={500} style={{ overflowWrap: 'anywhere', ...props.style }} />
));
