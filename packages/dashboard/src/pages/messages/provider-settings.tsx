import { Alert, Skeleton, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { fill } from '../../texts/texts.ts';
import { Confirmation } from '../../ui/confirmation.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useProvider } from './message-queries.ts';
import { ProviderForm } from './provider-form.tsx';
import { messageTexts } from './texts.ts';

/** The tenant's own mail server: set, changed, removed. */
export function ProviderSettings() {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const found = useProvider();
  const mayRemove = useMay('delete:email_provider');
  const [isRemoving, setIsRemoving] = useState(false);
  const removal = useMutation({
    mutationFn: () => management.call(operations.deleteEmailProvider),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['email-provider'] });
      setIsRemoving(false);
    },
  });
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Skeleton height={320} />;
  const provider = found.data;
  const isOther = provider !== null && provider.name !== 'smtp';
  return (
    <Stack maw={560}>
      {provider === null && (
        <Alert color="gray" title={messageTexts.noProvider}>
          {messageTexts.noProviderHint}
        </Alert>
      )}
      {isOther && <Text size="sm">{fill(messageTexts.otherProvider, { name: provider.name ?? '' })}</Text>}
      <ProviderForm
        key={provider?.name}
        provider={provider}
        {...(provider !== null && mayRemove ? { onRemove: () => setIsRemoving(true) } : {})}
      />
      {isRemoving && (
        <Confirmation
          title={messageTexts.removeProviderTitle}
          action={messageTexts.removeProvider}
          error={removal.error}
          isPending={removal.isPending}
          onConfirm={() => removal.mutate()}
          onClose={() => setIsRemoving(false)}
        >
          {messageTexts.removeProviderHint}
        </Confirmation>
      )}
    </Stack>
  );
}
