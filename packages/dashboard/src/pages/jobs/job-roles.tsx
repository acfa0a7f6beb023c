import { Text } from '@mantine/core';
import { Fragment } from 'react';
import { RouteLink } from '../../ui/route-link.tsx';
import { useRoles } from '../roles/role-queries.ts';
import { roleTexts } from '../roles/texts.ts';

/** Which roles an action was about; of one that is gone by now, its id. */
export function JobRoles({ ids }: { readonly ids: readonly string[] }) {
  const roles = useRoles();
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {roleTexts.role}:{' '}
      {ids.map((id, index) => {
        const role = roles.data?.find((one) => one.id === id);
        return (
          <Fragment key={id}>
            {index > 0 && ', '}
            {role ? (
              <RouteLink to="/roles/$id" params={{ id }}>
                <bdi>{role.name}</bdi>
              </RouteLink>
            ) : (
              id
            )}
          </Fragment>
        );
      })}
    </Text>
  );
}
