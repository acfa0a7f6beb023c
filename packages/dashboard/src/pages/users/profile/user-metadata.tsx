import { Stack } from '@mantine/core';
import type { User } from '../user-queries.ts';
import { MetadataEditor } from './metadata-editor.tsx';

const kinds = ['user_metadata', 'app_metadata'] as const;

/** Both metadata objects of a user. */
export function UserMetadata(props: {
  readonly user: User;
  readonly etag: string | undefined;
  readonly onReload: () => void;
}) {
  const { user } = props;
  return (
    <Stack>
      {kinds.map((kind) => (
        <MetadataEditor
          key={kind}
          userId={user.user_id ?? ''}
          kind={kind}
          value={user[kind] ?? {}}
          etag={props.etag}
          onReload={props.onReload}
        />
      ))}
    </Stack>
  );
}
