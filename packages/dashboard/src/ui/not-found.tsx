import { Stack, Text, Title } from '@mantine/core';
import { texts } from '../texts/texts.ts';
import { NameTitle } from './page-title.tsx';
import { RouteLink } from './route-link.tsx';

/** Where an address leads nowhere, with a way on. */
export function NotFound() {
  return (
    <Stack>
      <NameTitle name={texts.notFound} />
      <Title order={1} size="h2">
        {texts.notFound}
      </Title>
      <Text c="dimmed">{texts.notFoundHint}</Text>
      <RouteLink to="/">{texts.home}</RouteLink>
    </Stack>
  );
}
