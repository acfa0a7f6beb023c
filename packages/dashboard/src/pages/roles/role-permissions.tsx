import { Checkbox, Code, Fieldset, Skeleton, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Api, useApis } from '../apis/api-queries.ts';
import { type Role, useRolePermissions } from './role-queries.ts';
import { roleTexts } from './texts.ts';

/** What the role lets its users do, API by API. Muster's own API is not among them: it has its own roles. */
export function RolePermissions({ role }: { readonly role: Role }) {
  const apis = useApis();
  const held = useRolePermissions(role.id);
  const error = apis.error ?? held.error;
  if (error) return <Problem error={error} />;
  if (!apis.data || !held.data) return <Skeleton height={160} />;
  const offered = apis.data.filter((api) => api.is_system !== true && (api.scopes?.length ?? 0) > 0);
  if (offered.length === 0)
    return (
      <Empty title={roleTexts.noPermissions}>
        {roleTexts.noPermissionsHint} <RouteLink to="/apis">{roleTexts.toApis}</RouteLink>
      </Empty>
    );
  return (
    <Stack maw={640}>
      <Text size="sm" c="dimmed">
        {roleTexts.permissionsHint}
      </Text>
      {offered.map((api) => {
        const stored = held.data
          .filter((permission) => permission.resource_server_identifier === api.identifier)
          .map((permission) => permission.permission_name ?? '')
          .sort();
        return <ApiPermissions key={api.id} role={role} api={api} stored={stored} />;
      })}
    </Stack>
  );
}

/** The scopes of one API that the role has; what was ticked and unticked is sent together. */
function ApiPermissions(props: {
  readonly role: Role;
  readonly api: Api;
  readonly stored: readonly string[];
}) {
  const { role, api, stored } = props;
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const isReadOnly = !useMay('update:roles');
  const edits = useEdits<{ chosen: readonly string[] }>({ chosen: stored });
  const { chosen = stored } = edits.edits;
  const { id = '', identifier = '', name = identifier, scopes = [] } = api;
  const added = chosen.filter((value) => !stored.includes(value));
  const removed = stored.filter((value) => !chosen.includes(value));
  const saving = useMutation({
    mutationFn: async () => {
      const parameters = { id: role.id };
      const toBody = (names: readonly string[]) => ({
        permissions: names.map((value) => ({
          resource_server_identifier: identifier,
          permission_name: value,
        })),
      });
      if (added.length > 0)
        await management.call(operations.addRolePermissions, { parameters, body: toBody(added) });
      if (removed.length > 0)
        await management.call(operations.removeRolePermissions, { parameters, body: toBody(removed) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['roles', role.id, 'permissions'] }),
  });
  return (
    <Fieldset
      style={{ minWidth: 0, overflowWrap: 'anywhere' }}
      legend={
        <RouteLink to="/apis/$id" params={{ id }} search={{ tab: 'settings' }}>
          <bdi>{name}</bdi>
        </RouteLink>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const { changed } = edits;
          saving.mutate(undefined, { onSuccess: () => edits.settle(changed) });
        }}
      >
        <Stack gap="sm">
          {saving.error && <Problem error={saving.error} />}
          <Code style={{ overflowWrap: 'anywhere' }}>{identifier}</Code>
          {api.enforce_policies !== true && (
            <Text size="sm" c="dimmed">
              {roleTexts.notEnforced}
            </Text>
          )}
          <Checkbox.Group
            aria-label={fill(roleTexts.permissionsOf, { name })}
            value={[...chosen]}
            onChange={(values) => edits.edit({ chosen: values.sort() })}
          >
            <Stack gap={6} mah={320} style={{ overflowY: 'auto' }}>
              {scopes.map(({ value, description }) => (
                <Checkbox
                  key={value}
                  size="xs"
                  value={value}
                  label={value}
                  description={description}
                  disabled={isReadOnly}
                  styles={{ body: { minWidth: 0 }, labelWrapper: { minWidth: 0, overflowWrap: 'anywhere' } }}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <SaveBar edits={edits} saving={saving} />
        </Stack>
      </form>
    </Fieldset>
  );
}
