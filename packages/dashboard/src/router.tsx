import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Shell } from './shell.tsx';
import { texts } from './texts/texts.ts';
import { Empty } from './ui/problem.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: () => <Empty title={texts.notFound} /> });

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/home-page.tsx'), 'HomePage'),
});

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: (
    search: Record<string, unknown>,
  ): { q?: string | undefined; sort?: string | undefined } => ({
    q: text(search['q']),
    sort: text(search['sort']),
  }),
  component: lazyRouteComponent(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$id',
  validateSearch: (search: Record<string, unknown>): { tab?: string | undefined } => ({
    tab: text(search['tab']),
  }),
  component: lazyRouteComponent(() => import('./pages/users/user-page.tsx'), 'UserPage'),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  component: lazyRouteComponent(() => import('./pages/logs/logs-page.tsx'), 'LogsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, users, user, logs]),
  basepath: '/dashboard',
  defaultPreload: 'intent',
  // Numbers and booleans in addresses stay the texts that somebody searched for.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(search))
      if (typeof value === 'string' && value !== '') query.set(name, value);
    return query.size > 0 ? `?${query}` : '';
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
