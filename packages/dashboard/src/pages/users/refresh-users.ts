import type { QueryClient } from '@tanstack/react-query';

/** Asks anew for whatever is shown of users, after something changed them that these pages did not do themselves. */
export async function refreshUsers(queries: QueryClient): Promise<void> {
  await Promise.all(
    ['users', 'user', 'deleted-users', 'roles'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
  );
}
