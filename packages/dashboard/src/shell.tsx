import {
  AppShell,
  Burger,
  Button,
  Group,
  Kbd,
  NavLink,
  Stack,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useWorkplace } from './api/management.ts';
import { places } from './places.ts';
import { chooseLanguage, fill, language, texts } from './texts/texts.ts';
import { Toasts } from './ui/toasts.tsx';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
const Palette = lazy(async () => ({ default: (await import('./palette/palette.tsx')).Palette }));

/** What stands around every page. */
export function Shell() {
  const { session } = useWorkplace();
  const [isOpen, { toggle, close }] = useDisclosure();
  const { toggleColorScheme } = useMantineColorScheme();
  const { pathname } = useLocation();
  const [isFinding, setIsFinding] = useState(false);
  useHotkeys([['mod+K', () => setIsFinding(true)]], []);
  useEffect(() => {
    if (pathname) close();
  }, [pathname, close]);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between">
          <Group gap="sm">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.menu} />
            <Text fw={700}>Muster</Text>
          </Group>
          <Group gap="xs">
            <Button variant="default" size="compact-sm" onClick={() => setIsFinding(true)}>
              {texts.goTo}{' '}
              <Kbd ml="xs" size="xs" visibleFrom="sm">
                {isApple ? '⌘' : 'Ctrl'} K
              </Kbd>
            </Button>
            <Button variant="subtle" size="compact-sm" onClick={() => toggleColorScheme()}>
              {texts.theme}
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={texts.menu}>
        <Stack justify="space-between" h="100%">
          <div>
            {places.map(({ to, label }) => (
              <NavLink
                key={to}
                label={label}
                active={to === '/' ? pathname === '/' : pathname.startsWith(to)}
                renderRoot={(props) => <Link to={to} {...props} />}
              />
            ))}
          </div>
          <Stack gap={4}>
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {fill(texts.signedInAs, { name: session.email })}
            </Text>
            <Button
              variant="subtle"
              size="compact-sm"
              lang={language === 'en' ? 'de' : 'en'}
              onClick={() => chooseLanguage(language === 'en' ? 'de' : 'en')}
            >
              {texts.otherLanguage}
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => void session.signOut()}>
              {texts.signOut}
            </Button>
          </Stack>
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
        <Toasts />
        {isFinding && (
          <Suspense>
            <Palette onClose={() => setIsFinding(false)} />
          </Suspense>
        )}
      </AppShell.Main>
    </AppShell>
  );
}
