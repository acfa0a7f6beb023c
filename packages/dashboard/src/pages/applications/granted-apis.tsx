import { Checkbox, Fieldset, Skeleton, Stack, Switch, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Api, type ClientGrant, useApis, useClientGrants } from '../apis/api-queries.ts';
import { applicationTexts } from './texts.ts';

/** The APIs that an application may call in its own name. */
export function GrantedApis({ clientId }: { readonly clientId: string }) {
  const apis = useApis();
  const grants = useClientGrants({ client_id: clientId });
  const error = apis.error ?? grants.error;
  if (error && (!apis.data || !grants.data)) return <Problem error={error} />;
  if (!apis.data || !grants.data) return <Skeleton height={160} />;
  if (apis.data.length === 0)
    return <Empty title={applicationTexts.noApis}>{applicationTexts.noApisHint}</Empty>;
  return (
    <Stack maw={640}>
      <Text size="sm" c="dimmed">
        {applicationTexts.grantsHint}
      </Text>
      {apis.data.map((api) => {
        const grant = grants.data.find(
          ({ audience, subject_type }) => audience === api.identifier && subject_type === 'client',
        );
        return <ApiGrant key={`${api.id} ${grant?.id}`} clientId={clientId} api={api} grant={grant} />;
      })}
    </Stack>
  );
}

/** Whether the application may call this API, and with which permissions. */
function ApiGrant(props: {
  readonly clientId: string;
  readonly api: Api;
  readonly grant: ClientGrant | undefined;
}) {
  const { clientId, api, grant } = props;
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayCreate = useMay('create:client_grants');
  const mayUpdate = useMay('update:client_grants');
  const mayDelete = useMay('delete:client_grants');
  const stored = { scope: [...(grant?.scope ?? [])].sort() };
  const edits = useEdits<typeof stored>(stored);
  const { scope: chosen } = { ...stored, ...edits.edits };
  const choose = (scope: readonly string[]) => edits.edit({ scope: [...scope].sort() });
  const audience = api.identifier ?? '';
  const name = api.name ?? audience;
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['client-grants'] });
  const switching = useMutation({
    mutationFn: async (isGranted: boolean) => {
      if (isGranted)
        await management.call(operations.createClientGrant, {
          body: { client_id: clientId, audience, scope: [] },
        });
      else if (grant) await management.call(operations.deleteClientGrant, { parameters: { id: grant.id } });
    },
    onSuccess,
  });
  const saving = useMutation({
    mutationFn: (scope: string[]) =>
      management.call(operations.updateClientGrant, { parameters: { id: grant?.id ?? '' }, body: { scope } }),
    onSuccess,
  });
  const offered = api.scopes?.map(({ value }) => value) ?? [];
  const isGranted = switching.isPending ? switching.variables : grant !== undefined;
  const areAllChosen = offered.every((value) => chosen.includes(value));
  return (
    <Fieldset
      style={{ minWidth: 0, overflowWrap: 'anywhere' }}
      legend={
        <RouteLink to="/apis/$id" params={{ id: api.id ?? '' }}>
          <bdi>{name}</bdi>
        </RouteLink>
      }
    >
      <Stack gap="sm">
        {switching.error && <Problem error={switching.error} />}
        {saving.error && <Problem error={saving.error} />}
        <Switch
          label={fill(applicationTexts.authorize, { name })}
          description={audience}
          styles={{ body: { minWidth: 0 }, labelWrapper: { minWidth: 0, overflowWrap: 'anywhere' } }}
          disabled={grant === undefined ? !mayCreate : !mayDelete}
          checked={isGranted}
          onChange={(event) => switching.mutate(event.currentTarget.checked)}
        />
        {grant !== undefined && offered.length > 0 && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              saving.mutate(chosen, { onSuccess: () => edits.settle({ scope: chosen }) });
            }}
          >
            <Stack gap="sm">
              <Checkbox
                label={applicationTexts.allScopes}
                disabled={!mayUpdate}
                checked={areAllChosen}
                indeterminate={!areAllChosen && chosen.length > 0}
                onChange={() => choose(areAllChosen ? [] : offered)}
              />
              <Checkbox.Group
                aria-label={fill(applicationTexts.permissions, { name })}
                value={chosen}
                onChange={choose}
              >
                <Stack gap={6} mah={320} style={{ overflowY: 'auto' }} pl="lg">
                  {offered.map((value) => (
                    <Checkbox key={value} size="xs" value={value} label={value} disabled={!mayUpdate} />
                  ))}
                </Stack>
              </Checkbox.Group>
              <SaveBar edits={edits} saving={saving} />
            </Stack>
          </form>
        )}
      </Stack>
    </Fieldset>
  );
}
