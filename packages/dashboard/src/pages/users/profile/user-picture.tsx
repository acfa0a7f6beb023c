import { Menu, Stack, Text, UnstyledButton } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useMay, useWorkplace } from '../../../api/management.ts';
import { uploadPicture } from '../../../api/upload-picture.ts';
import { PersonPicture } from '../../../ui/person-picture.tsx';
import type { User } from '../user-queries.ts';
import { profileTexts } from './texts.ts';

/** The picture; a click changes it. */
export function UserPicture({ user }: { readonly user: User }) {
  const workplace = useWorkplace();
  const queries = useQueryClient();
  const mayChange = useMay('update:users');
  const chooser = useRef<HTMLInputElement>(null);
  const id = user.user_id ?? '';
  const change = useMutation({
    mutationFn: async (file: File | undefined) => {
      if (file) await uploadPicture(workplace, id, file);
      else
        await workplace.management.call(operations.updateUser, {
          parameters: { id },
          body: { picture: null },
        });
    },
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['user', id] }),
        queries.invalidateQueries({ queryKey: ['users'] }),
      ]),
  });
  const picture = (
    <PersonPicture
      picture={user.picture}
      name={user.name ?? user.email ?? id}
      size={64}
      isDimmed={change.isPending}
    />
  );
  if (!mayChange) return picture;
  return (
    <Stack gap={4}>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <UnstyledButton aria-label={profileTexts.changePicture} disabled={change.isPending}>
            {picture}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => chooser.current?.click()}>{profileTexts.uploadPicture}</Menu.Item>
          <Menu.Item onClick={() => change.mutate(undefined)}>{profileTexts.removePicture}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={chooser}
        type="file"
        accept="image/*"
        hidden
        aria-label={profileTexts.uploadPicture}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) change.mutate(file);
        }}
      />
      {change.error && (
        <Text size="xs" c="var(--mantine-color-error)" role="alert" maw={200}>
          {change.error.message}
        </Text>
      )}
    </Stack>
  );
}
