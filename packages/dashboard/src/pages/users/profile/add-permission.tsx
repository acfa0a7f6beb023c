import { Button, Group, Select, Skeleton, Text } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../../../ui/problem.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { useApis } from '../../apis/api-queries.ts';
import { roleTexts } from '../../roles/texts.ts';
import { isSamePermission, type PermissionName } from './own-permissions.ts';

/** Permissions that are offered at once; typing finds the others. */
const mostOffered = 100;

/** Chooses a permission of the tenant's APIs, to be the user's own. Muster's own API is not among them: it has its own roles. */
export function AddPermission(props: {
  /** What is not offered. */
  readonly held: readonly PermissionName[];
  readonly isAdding: boolean;
  readonly onAdd: (permission: PermissionName, onAdded: () => void) => void;
}) {
  const apis = useApis();
  const [chosen, setChosen] = useState<string | null>(null);
  if (apis.error) return <Problem error={apis.error} onRetry={() => void apis.refetch()} />;
  if (!apis.data) return <Skeleton height={60} />;
  const described = apis.data.filter((api) => api.is_system !== true && (api.scopes?.length ?? 0) > 0);
  if (described.length === 0)
    return (
      <Text size="sm">
        {roleTexts.noPermissions}. <RouteLink to="/apis">{roleTexts.toApis}</RouteLink>
      </Text>
    );
  const permissions = new Map<string, PermissionName>();
  const groups = described.map(({ identifier = '', name: api = identifier, scopes = [] }) => ({
    group: api,
    items: scopes.flatMap(({ value: name }) => {
      const permission = { identifier, name };
      if (props.held.some((other) => isSamePermission(permission, other))) return [];
      const key = `${identifier} ${name}`;
      permissions.set(key, permission);
      return [{ value: key, label: name }];
    }),
  }));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const permission = permissions.get(chosen ?? '');
        if (permission) props.onAdd(permission, () => setChosen(null));
      }}
    >
      <Group align="end">
        <Select
          style={{ flex: 1, minWidth: 200 }}
          label={roleTexts.permission}
          description={roleTexts.ownPermissionHint}
          placeholder={roleTexts.choosePermission}
          data={groups}
          searchable
          limit={mostOffered}
          nothingFoundMessage={roleTexts.noSuchPermission}
          value={chosen}
          onChange={setChosen}
        />
        <Button type="submit" disabled={chosen === null} loading={props.isAdding}>
          {roleTexts.addPermission}
        </Button>
      </Group>
    </form>
  );
}
