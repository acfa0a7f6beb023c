import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMay } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RowRemoval } from '../../ui/row-removal.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Api, useApiChange } from './api-queries.ts';
import { apiTexts } from './texts.ts';

const nothing = { value: '', description: '' };

/** What an application may do with the API; each is added and removed at once. */
export function Permissions({ api }: { readonly api: Api }) {
  const isReadOnly = !useMay('update:resource_servers') || api.is_system === true;
  const saving = useApiChange(api.id ?? '');
  const edits = useEdits<typeof nothing>(nothing);
  const { value, description } = { ...nothing, ...edits.edits };
  const scopes = api.scopes ?? [];
  return (
    <Stack maw={720}>
      {saving.error && <Problem error={saving.error} />}
      {api.is_system === true && (
        <Text size="sm" c="dimmed">
          {apiTexts.systemHint}
        </Text>
      )}
      {!isReadOnly && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const added = { value: value.trim(), ...(description === '' ? {} : { description }) };
            saving.mutate(
              { scopes: [...scopes.filter((scope) => scope.value !== added.value), added] },
              { onSuccess: edits.discard },
            );
          }}
        >
          <Group align="end">
            <TextInput
              label={apiTexts.permission}
              required
              spellCheck={false}
              maxLength={280}
              pattern="\S+"
              style={{ flexGrow: 1 }}
              value={value}
              onChange={(event) => edits.edit({ value: event.currentTarget.value })}
            />
            <TextInput
              label={apiTexts.description}
              maxLength={500}
              style={{ flexGrow: 2 }}
              value={description}
              onChange={(event) => edits.edit({ description: event.currentTarget.value })}
            />
            <Button type="submit" loading={saving.isPending}>
              {apiTexts.add}
            </Button>
          </Group>
        </form>
      )}
      {scopes.length === 0 && <Empty title={apiTexts.noPermissions}>{apiTexts.noPermissionsHint}</Empty>}
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {scopes.map((scope) => (
            <Table.Tr key={scope.value}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Text size="sm" ff="monospace">
                  {scope.value}
                </Text>
                <Text size="xs" c="dimmed">
                  <bdi>{scope.description}</bdi>
                </Text>
              </Table.Td>
              {!isReadOnly && (
                <Table.Td ta="end">
                  <RowRemoval
                    isDisabled={saving.isPending}
                    name={fill(apiTexts.removeOne, { name: scope.value })}
                    onRemove={() => saving.mutate({ scopes: scopes.filter((other) => other !== scope) })}
                  >
                    ×
                  </RowRemoval>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
