import { Type } from 'typebox';
import { defineOperation } from '../operation.ts';
import { closed, optional } from '../schema-parts.ts';

/** What the dashboard has to keep to, so that nothing is chosen there that cannot be saved. */
export const preferenceBounds = { columns: 50, searches: 100, nameLength: 100, queryLength: 2_000 } as const;

/** A search that somebody comes back to. */
export const SavedSearch = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: preferenceBounds.nameLength,
      description: 'What the person calls it; unlike those of their other searches.',
    }),
    q: Type.String({
      minLength: 1,
      maxLength: preferenceBounds.queryLength,
      description: 'As it is typed in the search box.',
    }),
    sort: Type.String({
      pattern: '^.+:(1|-1)$',
      maxLength: 600,
      description: 'Order of the list, `field:1` or `field:-1`.',
    }),
  },
  closed,
);

const preferences = {
  user_columns: optional(
    Type.Array(
      Type.String({
        pattern: '^([a-z_]{1,50}|(user_metadata|app_metadata)(\\.[^.,\\s]+)+)$',
        maxLength: 500,
        description: 'A root field of users, or a metadata path.',
      }),
      {
        maxItems: preferenceBounds.columns,
        uniqueItems: true,
        description: 'Columns of the list of users, in their order, after the name.',
      },
    ),
  ),
  user_searches: optional(
    Type.Array(SavedSearch, {
      maxItems: preferenceBounds.searches,
      description: 'Searches for users, in their order.',
    }),
  ),
};

export const DashboardPreferences = Type.Object(preferences, closed);

export const getDashboardPreferences = defineOperation({
  id: 'get_dashboard_preferences',
  method: 'GET',
  path: '/dashboard/preferences',
  tag: 'administrators',
  summary: 'Get your dashboard preferences',
  description:
    "Beyond the reference: what the token's user has chosen for themselves in the dashboard. What they never chose is left out.",
  scopes: ['read:users'],
  responses: { 200: DashboardPreferences },
});

export const updateDashboardPreferences = defineOperation({
  id: 'patch_dashboard_preferences',
  method: 'PATCH',
  path: '/dashboard/preferences',
  tag: 'administrators',
  summary: 'Change your dashboard preferences',
  description:
    "Beyond the reference: replaces each property that is sent as a whole, and keeps the others. Of the token's user; it changes nothing that somebody else sees and is not logged.",
  // More than reading, which is all that an auditor does.
  scopes: ['update:users'],
  body: Type.Object(preferences, { ...closed, minProperties: 1 }),
  responses: { 200: DashboardPreferences },
});
