import { Skeleton, Stack, Tabs, Text, Textarea, TextInput, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Deletion } from '../../ui/deletion.tsx';
import { NameTitle } from '../../ui/page-title.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { TabList } from '../../ui/tab-list.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { RoleMembers } from './role-members.tsx';
import { RolePermissions } from './role-permissions.tsx';
import { type Role, type RoleChange, useRole } from './role-queries.ts';
import { roleTexts } from './texts.ts';

/** A role: who has it, what it permits, and what it is called. */
export function RolePage() {
  const { id } = useParams({ from: '/roles/$id' });
  const { tab = 'users' } = useSearch({ from: '/roles/$id' });
  const navigate = useNavigate({ from: '/roles/$id' });
  const found = useRole(id);
  const mayReadApis = useMay('read:resource_servers');
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  const { role, total } = found.data;
  return (
    <Stack>
      <NameTitle name={role.name} />
      <RouteLink to="/roles">{roleTexts.back}</RouteLink>
      <div>
        <Title order={1} size="h2" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
          <bdi>{role.name}</bdi>
        </Title>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          <bdi>{role.description}</bdi>
        </Text>
      </div>
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: { tab: value ?? undefined }, replace: true })}
        keepMounted={false}
      >
        <TabList open={tab}>
          <Tabs.Tab value="users">{roleTexts.members}</Tabs.Tab>
          {mayReadApis && <Tabs.Tab value="permissions">{roleTexts.permissions}</Tabs.Tab>}
          <Tabs.Tab value="settings">{roleTexts.settings}</Tabs.Tab>
        </TabList>
        <Tabs.Panel value="users">
          <RoleMembers role={role} total={total} />
        </Tabs.Panel>
        <Tabs.Panel value="permissions">
          <RolePermissions role={role} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Stack maw={640} gap="xl">
            <RoleSettings key={role.id} role={role} />
            <DeleteRole role={role} total={total} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** The name and the purpose; only what was changed is sent. */
function RoleSettings({ role }: { readonly role: Role }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const isReadOnly = !useMay('update:roles');
  const edits = useEdits<RoleChange>(role);
  const saving = useMutation({
    mutationFn: (body: RoleChange) =>
      management.call(operations.updateRole, { parameters: { id: role.id }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['roles'] }),
  });
  const shown = { description: '', ...role, ...edits.edits };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const { changed } = edits;
        saving.mutate(changed, { onSuccess: () => edits.settle(changed) });
      }}
    >
      <Stack>
        {saving.error && <Problem error={saving.error} />}
        <TextInput
          label={roleTexts.name}
          required
          maxLength={255}
          readOnly={isReadOnly}
          value={shown.name}
          onChange={(event) => edits.edit({ name: event.currentTarget.value })}
        />
        <Textarea
          label={roleTexts.description}
          maxLength={2000}
          autosize
          readOnly={isReadOnly}
          value={shown.description}
          onChange={(event) => edits.edit({ description: event.currentTarget.value })}
        />
        <SaveBar edits={edits} saving={saving} />
      </Stack>
    </form>
  );
}

function DeleteRole({ role, total }: { readonly role: Role; readonly total: number }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const mayDelete = useMay('delete:roles');
  if (!mayDelete) return null;
  return (
    <Deletion
      label={roleTexts.remove}
      title={roleTexts.removeTitle}
      hint={fill(roleTexts.removeHint, { count: total, text: role.name })}
      wanted={role.name}
      onDelete={async () => {
        await management.call(operations.deleteRole, { parameters: { id: role.id } });
        await navigate({ to: '/roles', ignoreBlocker: true });
        await queries.invalidateQueries({ queryKey: ['roles', 'list'] });
      }}
    />
  );
}
