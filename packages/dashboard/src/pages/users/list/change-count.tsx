import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { fill } from '../../../texts/texts.ts';
import { countChanges, isAboutRole, type OfferedAction, type Selection, tryAction } from './bulk-run.ts';
import { listTexts } from './texts.ts';

/** Users whom an action is tried on without being asked: the server does it in some seconds. */
const mostTriedUnasked = 200;

/** What an action does, and how many of those who are selected it would change; which is found out while this is shown. */
export function ChangeCount(props: {
  readonly hint: string;
  readonly action: OfferedAction;
  readonly selection: Selection;
  readonly total: number;
  /** Of an action that is about one, once it is chosen. */
  readonly roleId: string | undefined;
}) {
  const { management } = useWorkplace();
  const { action, selection, total, roleId } = props;
  const [isAsked, setIsAsked] = useState(false);
  const isTrial = isAboutRole(action);
  const isOffered = isTrial && roleId !== undefined && total > mostTriedUnasked && !isAsked;
  const changes = useQuery({
    queryKey: [
      'users',
      'changes',
      action,
      roleId,
      selection.kind === 'some' ? [...selection.users.keys()] : { q: selection.q },
    ],
    enabled: isTrial ? roleId !== undefined && !isOffered : true,
    // A trial is a job of the server: there is one each time that this opens, and no other behind anybody's back.
    ...(isTrial ? { staleTime: Number.POSITIVE_INFINITY, gcTime: 0, retry: false } : {}),
    queryFn: ({ signal }) =>
      isTrial
        ? tryAction(management, action, selection, roleId, signal)
        : countChanges(management, action, selection),
  });
  const values = { count: total, change: changes.data ?? 0 };
  return (
    <Stack gap="xs" align="start">
      <Text size="sm" aria-live="polite">
        {props.hint} {changes.data !== undefined && fill(listTexts.wouldChange, values)}
        {isTrial && changes.isFetching && listTexts.trying}
        {isTrial && changes.error && fill(listTexts.notTried, { reason: changes.error.message })}
      </Text>
      {isOffered && (
        <Button size="compact-sm" variant="subtle" onClick={() => setIsAsked(true)}>
          {listTexts.tryFirst}
        </Button>
      )}
    </Stack>
  );
}
