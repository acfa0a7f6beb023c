import { texts } from './texts/texts.ts';

/** The pages that the menu leads to, each with its sign: strokes in a square of 20. */
export const places = [
  { to: '/', label: texts.home, sign: 'M3 9.5 10 3.5l7 6V16.5h-4.5v-4.5h-5v4.5H3z' },
  {
    to: '/users',
    label: texts.users,
    sign: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 16.5c.6-3 3.2-4.5 6.5-4.5s5.9 1.5 6.5 4.5z',
  },
  {
    to: '/connections',
    label: texts.connections,
    sign: 'M3.5 5.5c0-3 13-3 13 0v9c0 3-13 3-13 0zc0 3 13 3 13 0M3.5 10c0 3 13 3 13 0',
  },
  {
    to: '/applications',
    label: texts.applications,
    sign: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM11.5 11.5h5v5h-5z',
  },
  { to: '/apis', label: texts.apis, sign: 'M6.5 5.5 2.5 10l4 4.5M13.5 5.5l4 4.5-4 4.5M11.5 3.5l-3 13' },
  {
    to: '/roles',
    label: texts.roles,
    sign: 'M10 2.5 16.5 5v4.5c0 4-2.7 6.6-6.5 8-3.8-1.4-6.5-4-6.5-8V5zM7 10l2.2 2.2L13 8.2',
  },
  { to: '/jobs', label: texts.jobs, sign: 'M6.5 16.5v-12M3.5 7.5l3-3 3 3M13.5 3.5v12M10.5 12.5l3 3 3-3' },
  { to: '/messages', label: texts.messages, sign: 'M2.5 4.5h15v11h-15zl7.5 6.5 7.5-6.5' },
  { to: '/logs', label: texts.logs, sign: 'M3.5 5h1M7.5 5h9M3.5 10h1M7.5 10h9M3.5 15h1M7.5 15h9' },
  {
    to: '/settings',
    label: texts.settings,
    sign: 'M2.5 6h6M12.5 6h5M2.5 14h3M9.5 14h8M10.5 4v4M7.5 12v4',
  },
] as const;
