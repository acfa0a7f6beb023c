import {
  ActionIcon,
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
import { useResumedWatches } from './pages/jobs/use-resumed-watches.ts';
import { places } from './places.ts';
import { chooseLanguage, fill, language, texts } from './texts/texts.ts';
import { usePlaceTitle } from './ui/page-title.tsx';
import { Toasts } from './ui/toasts.tsx';
import { useLeaveQuestion } from './ui/use-leave-guard.ts';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
const Palette = lazy(async () => ({ default: (await import('./palette/palette.tsx')).Palette }));

/** What stands around every page. */
export function Shell() {
  const { session } = useWorkplace();
  const [isOpen, { toggle, close }] = useDisclosure();
  const { toggleColorScheme } = useMantineColorScheme();
  const { pathname } = useLocation();
  const [isFinding, setIsFinding] = useState(false);
  const isAt = (to: string) => (to === '/' ? pathname === '/' : pathname.startsWith(to));
  usePlaceTitle(places.find(({ to }) => isAt(to))?.label);
  useLeaveQuestion();
  useResumedWatches();
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
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={texts.menu} />
            <Text fw={700}>Muster</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button variant="default" size="compact-sm" onClick={() => setIsFinding(true)}>
              {texts.goTo}{' '}
              <Kbd ml="xs" size="xs" visibleFrom="sm">
                {isApple ? '⌘' : 'Ctrl'} K
              </Kbd>
            </Button>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={texts.theme}
              title={texts.theme}
              onClick={() => toggleColorScheme()}
            >
              <HalfMoon />
            </ActionIcon>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label={texts.menu}>
        <Stack justify="space-between" h="100%">
          <div>
            {places.map(({ to, label, sign }) => (
              <NavLink
                key={to}
                label={label}
                leftSection={<Sign strokes={sign} />}
                active={isAt(to)}
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

function Sign({ strokes }: { readonly strokes: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={18}
      height={18}
      aria-hidden="true"
      style={{ display: 'block', opacity: 0.8 }}
    >
      <path
        d={strokes}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** A disc that is half light and half dark. */
function HalfMoon() {
  return (
    <svg viewBox="0 0 16 16" width={18} height={18} aria-hidden="true">
      <circle cx={8} cy={8} r={6.25} fill="none" stroke="currentColor" strokeWidth={1.5} />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </svg>
  );
}
