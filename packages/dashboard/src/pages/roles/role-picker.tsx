import { Select, Skeleton, Text } from '@mantine/core';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useRoles } from './role-queries.ts';
import { roleTexts } from './texts.ts';

/** Roles that are offered at once; typing finds the others. */
const mostOffered = 100;

/** Chooses one of the tenant's roles, by typing a part of its name. */
export function RolePicker(props: {
  readonly value: string | undefined;
  readonly onChange: (roleId: string | undefined) => void;
  /** Roles that are not offered. */
  readonly without?: readonly string[];
  /** Whether it has the focus where a dialog opens. */
  readonly isFirst?: boolean;
}) {
  const found = useRoles();
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={60} />;
  if (found.data.length === 0)
    return (
      <Text size="sm">
        {roleTexts.noRoles}. <RouteLink to="/roles">{roleTexts.toRoles}</RouteLink>
      </Text>
    );
  const { without = [] } = props;
  return (
    <Select
      label={roleTexts.role}
      placeholder={roleTexts.choose}
      data={found.data
        .filter(({ id }) => !without.includes(id))
        .map(({ id, name }) => ({ value: id, label: name }))}
      searchable
      limit={mostOffered}
      nothingFoundMessage={roleTexts.noSuchRole}
      data-autofocus={props.isFirst === true ? true : undefined}
      value={props.value ?? null}
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}
