import '@mantine/core/styles.css';
import './ui/fields.css';
import { Button, Center, createTheme, MantineProvider, Stack, Text, Title } from '@mantine/core';
import { ManagementCallError } from '@muster/contract';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { openWorkplace, type Workplace, WorkplaceProvider } from './api/management.ts';
import { router } from './router.tsx';
import { type DashboardConfig, openSession, SignInFailedError } from './session/session.ts';
import { language, texts } from './texts/texts.ts';
import { styleNonce } from './ui/style-nonce.ts';

// Where the styles of dialogs, which another library makes, look for it.
Reflect.set(globalThis, '__webpack_nonce__', styleNonce);
const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  autoContrast: true,
  cursorType: 'pointer',
  // A header in a dialog would be a second banner of the page.
  components: {
    ModalHeader: { defaultProps: { role: 'none' } },
    DrawerHeader: { defaultProps: { role: 'none' } },
    ModalTitle: { defaultProps: { fw: 600 } },
    DrawerTitle: { defaultProps: { fw: 600 } },
  },
});
/** Quiet text that can still be read (WCAG 2.2 §1.4.3), and grey that is not blacker than the page. */
const resolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#5c636a',
    '--mantine-color-anchor': '#3b4fc4',
    '--mantine-color-error': '#c92a2a',
  },
  dark: {
    '--mantine-color-dimmed': '#a6adb4',
    '--mantine-color-placeholder': '#a6adb4',
    '--mantine-color-anchor': '#91a7ff',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-gray-light': '#333333',
    '--mantine-color-gray-light-hover': '#3b3b3b',
    '--mantine-color-gray-light-color': '#dedede',
  },
});
/** What the server refused it would refuse again; anything else may have been a passing trouble. */
const isWorthRetrying = (failures: number, error: unknown) =>
  failures < 1 && !(error instanceof ManagementCallError && error.statusCode < 500);
const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: isWorthRetrying } },
});
const container = document.getElementById('root');
if (!container) throw new Error('the page has no root');
const root = createRoot(container);

function Frame({ children }: { readonly children: React.ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      cssVariablesResolver={resolver}
      getStyleNonce={() => styleNonce}
    >
      {children}
    </MantineProvider>
  );
}

function Dashboard({ workplace }: { readonly workplace: Workplace }) {
  return (
    <QueryClientProvider client={queries}>
      <WorkplaceProvider value={workplace}>
        <RouterProvider router={router} />
      </WorkplaceProvider>
    </QueryClientProvider>
  );
}

function Refusal({ error }: { readonly error: unknown }) {
  const isRefusal = error instanceof SignInFailedError;
  return (
    <Center component="main" h="100vh" p="md">
      <Stack align="center">
        <Title order={1} size="h3">
          {isRefusal ? texts.notAdministrator : texts.failed}
        </Title>
        <Text role="alert">{error instanceof Error ? error.message : String(error)}</Text>
        {isRefusal ? (
          <Button onClick={() => void error.signOut()}>{texts.anotherAccount}</Button>
        ) : (
          <Button onClick={() => window.location.assign('/dashboard')}>{texts.retry}</Button>
        )}
      </Stack>
    </Center>
  );
}

async function loadConfig(): Promise<DashboardConfig> {
  const answer = await fetch('/dashboard/config.json');
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  return answer.json();
}

document.documentElement.lang = language;
try {
  const session = await openSession(await loadConfig());
  if (session)
    root.render(
      <Frame>
        <Dashboard workplace={openWorkplace(session)} />
      </Frame>,
    );
} catch (error) {
  root.render(
    <Frame>
      <Refusal error={error} />
    </Frame>,
  );
}
