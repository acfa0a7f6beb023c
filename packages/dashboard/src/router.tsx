import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Shell } from './shell.tsx';
import { NotFound } from './ui/not-found.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const tabbed = (search: Record<string, unknown>): { tab?: string | undefined } => ({
  tab: text(search['tab']),
});

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
  ): {
    q?: string | undefined;
    sort?: string | undefined;
    columns?: string | undefined;
    create?: string | undefined;
  } => ({
    q: text(search['q']),
    sort: text(search['sort']),
    columns: text(search['columns']),
    create: text(search['create']),
  }),
  component: lazyRouteComponent(() => import('./pages/users/list/users-page.tsx'), 'UsersPage'),
});

const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$id',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./pages/users/profile/user-page.tsx'), 'UserPage'),
});

const deletedUsers = createRoute({
  getParentRoute: () => root,
  path: '/users/deleted',
  component: lazyRouteComponent(() => import('./pages/users/deleted/deleted-page.tsx'), 'DeletedUsersPage'),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  component: lazyRouteComponent(() => import('./pages/connections/connections-page.tsx'), 'ConnectionsPage'),
});

const connection = createRoute({
  getParentRoute: () => root,
  path: '/connections/$id',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./pages/connections/connection-page.tsx'), 'ConnectionPage'),
});

const applications = createRoute({
  getParentRoute: () => root,
  path: '/applications',
  component: lazyRouteComponent(
    () => import('./pages/applications/applications-page.tsx'),
    'ApplicationsPage',
  ),
});

const application = createRoute({
  getParentRoute: () => root,
  path: '/applications/$id',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./pages/applications/application-page.tsx'), 'ApplicationPage'),
});

const apis = createRoute({
  getParentRoute: () => root,
  path: '/apis',
  component: lazyRouteComponent(() => import('./pages/apis/apis-page.tsx'), 'ApisPage'),
});

const api = createRoute({
  getParentRoute: () => root,
  path: '/apis/$id',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./pages/apis/api-page.tsx'), 'ApiPage'),
});

const roles = createRoute({
  getParentRoute: () => root,
  path: '/roles',
  component: lazyRouteComponent(() => import('./pages/roles/roles-page.tsx'), 'RolesPage'),
});

const role = createRoute({
  getParentRoute: () => root,
  path: '/roles/$id',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./pages/roles/role-page.tsx'), 'RolePage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: tabbed,
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  validateSearch: (search: Record<string, unknown>): { type?: string | undefined } => ({
    type: text(search['type']),
  }),
  component: lazyRouteComponent(() => import('./pages/jobs/jobs-page.tsx'), 'JobsPage'),
});

const job = createRoute({
  getParentRoute: () => root,
  path: '/jobs/$id',
  component: lazyRouteComponent(() => import('./pages/jobs/job-page.tsx'), 'JobPage'),
});

const importing = createRoute({
  getParentRoute: () => root,
  path: '/jobs/import',
  validateSearch: (search: Record<string, unknown>): { tried?: string | undefined } => ({
    tried: text(search['tried']),
  }),
  component: lazyRouteComponent(() => import('./pages/jobs/import-page.tsx'), 'ImportPage'),
});

const exporting = createRoute({
  getParentRoute: () => root,
  path: '/jobs/export',
  validateSearch: (
    search: Record<string, unknown>,
  ): {
    q?: string | undefined;
    sort?: string | undefined;
    fields?: string | undefined;
    selected?: string | undefined;
  } => ({
    q: text(search['q']),
    sort: text(search['sort']),
    fields: text(search['fields']),
    selected: text(search['selected']),
  }),
  component: lazyRouteComponent(() => import('./pages/jobs/export-page.tsx'), 'ExportPage'),
});

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages',
  validateSearch: (
    search: Record<string, unknown>,
  ): { tab?: string | undefined; user?: string | undefined } => ({
    ...tabbed(search),
    user: text(search['user']),
  }),
  component: lazyRouteComponent(() => import('./pages/messages/messages-page.tsx'), 'MessagesPage'),
});

const message = createRoute({
  getParentRoute: () => root,
  path: '/messages/$id',
  component: lazyRouteComponent(() => import('./pages/messages/message-page.tsx'), 'MessagePage'),
});

const template = createRoute({
  getParentRoute: () => root,
  path: '/messages/templates/$name',
  component: lazyRouteComponent(() => import('./pages/messages/template-page.tsx'), 'TemplatePage'),
});

const logs = createRoute({
  getParentRoute: () => root,
  path: '/logs',
  validateSearch: (
    search: Record<string, unknown>,
  ): {
    q?: string | undefined;
    kind?: string | undefined;
    period?: string | undefined;
    event?: string | undefined;
    range?: string | undefined;
  } => ({
    q: text(search['q']),
    kind: text(search['kind']),
    period: text(search['period']),
    event: text(search['event']),
    range: text(search['range']),
  }),
  component: lazyRouteComponent(() => import('./pages/logs/logs-page.tsx'), 'LogsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    users,
    user,
    deletedUsers,
    connections,
    connection,
    applications,
    application,
    apis,
    api,
    roles,
    role,
    jobs,
    job,
    importing,
    exporting,
    messages,
    message,
    template,
    logs,
    settings,
  ]),
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
  interface HistoryState {
    /** Ids of users whose export is asked for, too many for an address. */
    readonly selectedUsers?: readonly string[];
  }
}
