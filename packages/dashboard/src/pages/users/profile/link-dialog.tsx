import { Button, Checkbox, Code, Group, Modal, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { Problem } from '../../../ui/problem.tsx';
import type { User, UserChange } from '../user-queries.ts';
import { findMissingMetadata } from './metadata.ts';
import { profileTexts } from './texts.ts';

/** Shows what linking would do, metadata above all, before it is done. */
export function LinkDialog(props: {
  readonly user: User;
  readonly other: User;
  readonly onClose: () => void;
}) {
  const { management } = useWorkplace();
  const queries = useQueryClient();
  const [isTaking, setIsTaking] = useState(true);
  const { user, other } = props;
  const id = user.user_id ?? '';
  const missing = {
    user_metadata: findMissingMetadata(user.user_metadata ?? {}, other.user_metadata ?? {}),
    app_metadata: findMissingMetadata(user.app_metadata ?? {}, other.app_metadata ?? {}),
  };
  const conflicts = (['user_metadata', 'app_metadata'] as const).flatMap((root) =>
    Object.keys(other[root] ?? {})
      .filter((key) => Object.hasOwn(user[root] ?? {}, key))
      .map((key) => `${root}.${key}`),
  );
  const result = {
    user_metadata: { ...user.user_metadata, ...(isTaking ? missing.user_metadata : {}) },
    app_metadata: { ...user.app_metadata, ...(isTaking ? missing.app_metadata : {}) },
    identities: [...(user.identities ?? []), ...(other.identities ?? [])].map(
      ({ connection, user_id: own }) => `${connection}: ${own}`,
    ),
  };
  const keys = Object.entries(missing).flatMap(([root, values]) =>
    Object.keys(values).map((key) => `${root}.${key}`),
  );
  const linking = useMutation({
    mutationFn: async () => {
      // Before the link: what it fails to take would be lost afterwards.
      if (isTaking && keys.length > 0) {
        const body: UserChange = Object.fromEntries(
          Object.entries(missing).filter(([, values]) => Object.keys(values).length > 0),
        );
        await management.call(operations.updateUser, { parameters: { id }, body });
      }
      const [identity] = other.identities ?? [];
      await management.call(operations.linkIdentity, {
        parameters: { id },
        body: { provider: identity?.provider ?? '', user_id: String(identity?.user_id ?? '') },
      });
    },
    onSuccess: async () => {
      props.onClose();
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['user', id] }),
        queries.invalidateQueries({ queryKey: ['users'] }),
      ]);
    },
  });
  const name = other.name ?? other.email ?? other.user_id ?? '';
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={fill(profileTexts.linkTitle, { name })}
      closeButtonProps={{ 'aria-label': texts.close }}
    >
      <Stack>
        {linking.error && <Problem error={linking.error} />}
        <Text size="sm">{fill(profileTexts.linkHint, { name })}</Text>
        {keys.length === 0 ? (
          <Text size="sm" c="dimmed">
            {profileTexts.noMetadataToTake}
          </Text>
        ) : (
          <Checkbox
            label={fill(profileTexts.takeMetadata, { keys: keys.join(', ') })}
            checked={isTaking}
            onChange={(event) => setIsTaking(event.currentTarget.checked)}
          />
        )}
        {conflicts.length > 0 && (
          <Text size="sm">{fill(profileTexts.conflicts, { keys: conflicts.join(', ') })}</Text>
        )}
        <div>
          <Text size="sm" fw={500}>
            {profileTexts.linkResult}
          </Text>
          <Code block tabIndex={0} mah={240} style={{ overflow: 'auto' }}>
            {JSON.stringify(result, null, 2)}
          </Code>
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {texts.cancel}
          </Button>
          <Button loading={linking.isPending} onClick={() => linking.mutate()}>
            {profileTexts.linkNow}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
