import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';

/** What happened on one day, midnight to midnight UTC. */
export const DailyStatistics = Type.Object(
  {
    date: Type.String({ description: 'Midnight UTC at which the day begins.' }),
    logins: Type.Integer({ description: 'Successful logins.' }),
    signups: Type.Integer({ description: 'Successful sign-ups.' }),
    leaked_passwords: Type.Integer({ description: 'Uses of a breached password that were noticed.' }),
    failed_logins: Type.Integer({
      description: 'Logins that failed: a wrong password, an unknown user, or any other reason.',
    }),
    created_at: Type.String({
      description: 'The first event that was counted; midnight when there was none.',
    }),
    updated_at: Type.String({
      description: 'The last event that was counted; midnight when there was none.',
    }),
  },
  { additionalProperties: true },
);

export const listDailyStatistics = defineOperation({
  id: 'get_daily_stats',
  method: 'GET',
  path: '/stats/daily',
  tag: 'stats',
  summary: 'Get daily statistics',
  description:
    'One entry for every day from `from` to `to`, 366 days at most; the last 30 days when both are absent.',
  scopes: ['read:stats'],
  query: Type.Object(
    {
      from: Type.Optional(
        Type.String({ pattern: '^[0-9]{8}$', description: 'First day, YYYYMMDD, inclusive' }),
      ),
      to: Type.Optional(Type.String({ pattern: '^[0-9]{8}$', description: 'Last day, YYYYMMDD, inclusive' })),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(DailyStatistics) },
});

/** What happened in one hour. */
export const HourlyStatistics = Type.Object(
  {
    date: Type.String({ description: 'The full hour, UTC, at which it begins.' }),
    logins: Type.Integer({ description: 'Successful logins.' }),
    signups: Type.Integer({ description: 'Successful sign-ups.' }),
    failed_logins: Type.Integer({ description: 'Logins that failed, for any reason.' }),
  },
  { additionalProperties: true },
);

export const listHourlyStatistics = defineOperation({
  id: 'get_hourly_stats',
  method: 'GET',
  path: '/stats/hourly',
  tag: 'stats',
  summary: 'Get hourly statistics',
  description: 'One entry for each of the last hours, the one under way last. A Muster extension.',
  scopes: ['read:stats'],
  query: Type.Object(
    {
      hours: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 168,
          default: 24,
          description: 'How many hours, a week at most.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  responses: { 200: Type.Array(HourlyStatistics) },
});

export const countActiveUsers = defineOperation({
  id: 'get_active_users',
  method: 'GET',
  path: '/stats/active-users',
  tag: 'stats',
  summary: 'Count active users',
  description: 'The number of users who logged in during the last 30 days.',
  scopes: ['read:stats'],
  responses: { 200: Type.Integer() },
});
