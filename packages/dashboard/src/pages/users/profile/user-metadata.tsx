import { Stack } from '@mantine/core';
import { useCallback, useRef } from 'react';
import { useLeaveGuard } from '../../../ui/use-leave-guard.ts';
import type { User } from '../user-queries.ts';
import type { MetadataKind } from './metadata.ts';
import { MetadataEditor } from './metadata-editor.tsx';
import { metadataTexts } from './metadata-texts.ts';

const kinds = ['user_metadata', 'app_metadata'] as const;

/** Both metadata objects of a user. Leaving them with something unsaved is asked about, once. */
export function UserMetadata(props: {
  readonly user: User;
  readonly etag: string | undefined;
  readonly onReload: () => void;
}) {
  const { user } = props;
  const unsaved = useRef(new Set<MetadataKind>());
  useLeaveGuard(() => unsaved.current.size > 0, metadataTexts.leaveUnsaved);
  const note = useCallback((kind: MetadataKind, isUnsaved: boolean) => {
    if (isUnsaved) unsaved.current.add(kind);
    else unsaved.current.delete(kind);
  }, []);
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
          onUnsaved={note}
        />
      ))}
    </Stack>
  );
}
