import { texts } from './texts/texts.ts';

/** The pages that the menu leads to. */
export const places = [
  { to: '/', label: texts.home },
  { to: '/users', label: texts.users },
  { to: '/connections', label: texts.connections },
  { to: '/applications', label: texts.applications },
  { to: '/apis', label: texts.apis },
  { to: '/jobs', label: texts.jobs },
  { to: '/messages', label: texts.messages },
  { to: '/logs', label: texts.logs },
  { to: '/settings', label: texts.settings },
] as const;
