import { TextInput } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkplace } from '../../api/management.ts';
import { CreateDialog } from '../../ui/create-dialog.tsx';
import { connectionTexts } from './texts.ts';

/** Makes a database of users with passwords. */
export function CreateConnection({ onClose }: { readonly onClose: () => void }) {
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const creation = useMutation({
    mutationFn: () =>
      management.call(operations.createConnection, {
        body: {
          name: name.trim(),
          strategy: 'auth0',
          ...(displayName.trim() === '' ? {} : { display_name: displayName.trim() }),
        },
      }),
    onSuccess: async ({ body }) => {
      await queries.invalidateQueries({ queryKey: ['connections'] });
      await navigate({ to: '/connections/$id', params: { id: body.id ?? '' }, ignoreBlocker: true });
    },
  });
  return (
    <CreateDialog
      title={connectionTexts.create}
      creation={creation}
      onClose={onClose}
      typed={[name, displayName]}
    >
      <TextInput
        label={connectionTexts.name}
        description={connectionTexts.nameHint}
        required
        data-autofocus
        spellCheck={false}
        autoComplete="off"
        maxLength={128}
        pattern="[a-zA-Z0-9](-?[a-zA-Z0-9])*"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={connectionTexts.displayName}
        maxLength={128}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
    </CreateDialog>
  );
}
