import { Badge, Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RowRemoval } from '../../ui/row-removal.tsx';
import { settingsTexts } from './texts.ts';

/** The keys that tokens are signed with: the one in use, its successor, and those before. */
export function SigningKeys() {
  const { management } = useWorkplace();
  const mayChange = useMay('update:signing_keys');
  const [isRotating, setIsRotating] = useState(false);
  const [revoking, setRevoking] = useState<string>();
  const found = useQuery({
    queryKey: ['signing-keys'],
    queryFn: async () => (await management.call(operations.listSigningKeys)).body,
  });
  const rotation = useMutation({
    mutationFn: () => management.call(operations.rotateSigningKeys),
    onSuccess: async () => {
      await found.refetch();
      setIsRotating(false);
    },
  });
  const revocation = useMutation({
    mutationFn: (kid: string) => management.call(operations.revokeSigningKey, { parameters: { kid } }),
    onSuccess: async () => {
      await found.refetch();
      setRevoking(undefined);
    },
  });
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={160} />;
  return (
    <Stack align="start">
      <ListTable minWidth={600}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{settingsTexts.key}</Table.Th>
            <Table.Th>{settingsTexts.status}</Table.Th>
            <Table.Th>{settingsTexts.since}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.data.map((key) => (
            <Table.Tr key={key.kid}>
              <Table.Td>
                <Text size="sm" ff="monospace">
                  {key.kid}
                </Text>
                <Text size="xs" c="dimmed" ff="monospace">
                  {key.fingerprint}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge variant="dot" tt="none" color={key.revoked ? 'red' : key.current ? 'teal' : 'gray.6'}>
                  {key.revoked
                    ? settingsTexts.revoked
                    : key.current
                      ? settingsTexts.current
                      : key.next
                        ? settingsTexts.next
                        : settingsTexts.previous}
                </Badge>
              </Table.Td>
              <Table.Td data-label={settingsTexts.since}>
                {key.current_since !== undefined && <Moment at={key.current_since} />}
              </Table.Td>
              <Table.Td ta="end">
                {mayChange && key.previous === true && key.revoked !== true && (
                  <RowRemoval onRemove={() => setRevoking(key.kid)}>{texts.revoke}</RowRemoval>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ListTable>
      {mayChange && (
        <Group>
          <Button variant="default" onClick={() => setIsRotating(true)}>
            {settingsTexts.rotate}
          </Button>
        </Group>
      )}
      {isRotating && (
        <Confirmation
          title={settingsTexts.rotateTitle}
          action={settingsTexts.rotate}
          error={rotation.error}
          isPending={rotation.isPending}
          onConfirm={() => rotation.mutate()}
          onClose={() => setIsRotating(false)}
        >
          {settingsTexts.rotateHint}
        </Confirmation>
      )}
      {revoking !== undefined && (
        <Confirmation
          title={settingsTexts.revokeTitle}
          action={texts.revoke}
          error={revocation.error}
          isPending={revocation.isPending}
          onConfirm={() => revocation.mutate(revoking)}
          onClose={() => setRevoking(undefined)}
        >
          {settingsTexts.revokeHint}
        </Confirmation>
      )}
    </Stack>
  );
}
