import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { Problem } from '../../../ui/problem.tsx';
import { blocksTexts } from './blocks-texts.ts';

/** Blocks that are shown one by one; lifting all lifts those beyond them too. */
const shownAtOnce = 10;

/** Where the user is blocked after wrong passwords; nothing where they are not. */
export function UserBlocks({ id }: { readonly id: string }) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const mayUnblock = useMay('update:users');
  const queryKey = ['user', id, 'blocks'];
  const found = useQuery({
    queryKey,
    queryFn: async () => {
      const query = { consider_brute_force_enablement: true };
      return (await management.call(operations.listUserBlocks, { parameters: { id }, query })).body
        .blocked_for;
    },
  });
  const unblock = useMutation({
    /** @param ip absent: of every address */
    mutationFn: (ip: string | undefined) =>
      management.call(operations.deleteUserBlocks, {
        parameters: { id },
        query: ip === undefined ? {} : { ip },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const blocks = found.data ?? [];
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (blocks.length === 0) return null;
  const rest = blocks.length - shownAtOnce;
  return (
    <Alert color="red" title={blocksTexts.title} component="section" aria-label={blocksTexts.title}>
      <Stack gap="xs">
        {unblock.error && <Problem error={unblock.error} />}
        {blocks.slice(0, shownAtOnce).map(({ identifier, ip, connection }) => {
          const where = ip ?? blocksTexts.everywhere;
          return (
            <Group key={`${connection} ${identifier} ${where}`} justify="space-between">
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {fill(blocksTexts.block, { identifier, where })}
              </Text>
              {mayUnblock && (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${texts.unblock}: ${identifier}, ${where}`}
                  loading={unblock.isPending && unblock.variables === ip}
                  onClick={() => unblock.mutate(ip)}
                >
                  {texts.unblock}
                </Button>
              )}
            </Group>
          );
        })}
        {rest > 0 && <Text size="sm">{fill(blocksTexts.more, { count: rest })}</Text>}
        {mayUnblock && blocks.length > 1 && (
          <Group justify="flex-end">
            <Button
              size="compact-sm"
              loading={unblock.isPending && unblock.variables === undefined}
              onClick={() => unblock.mutate(undefined)}
            >
              {blocksTexts.unblockAll}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
