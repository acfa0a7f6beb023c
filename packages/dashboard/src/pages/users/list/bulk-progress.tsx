import { Button, Group, List, Progress, Stack, Text } from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { fill, texts } from '../../../texts/texts.ts';
import { Problem } from '../../../ui/problem.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import { countDone, isRunning, type Job, useJob } from '../../jobs/job-queries.ts';
import { UndoButton } from '../../jobs/undo-button.tsx';
import { noteWatchedJob, settleWatchedJob } from '../../jobs/watched-jobs.ts';
import { refreshUsers } from '../refresh-users.ts';
import { listTexts } from './texts.ts';
import { describeEnd, watchJob } from './watch-job.ts';

/** Failures that are written out; the job's page has all. */
const shownFailures = 20;

/** How far the job of a bulk action is, what failed, and its undo. Nothing here has to stay open for it. */
export function BulkProgress(props: {
  readonly id: string;
  /** It takes another one back. */
  readonly isUndo: boolean;
  readonly onUndo: (id: string) => void;
  readonly onClose: () => void;
}) {
  const workplace = useWorkplace();
  const { management, session } = workplace;
  const queries = useQueryClient();
  const found = useJob(props.id);
  const stop = useMutation({
    mutationFn: () => management.call(operations.cancelJob, { parameters: { id: props.id } }),
    onSuccess: () => found.refetch(),
  });
  const job = found.data;
  const isBusy = job === undefined || isRunning(job);
  useEffect(() => {
    if (!isBusy) {
      settleWatchedJob(session.userId, props.id);
      void refreshUsers(queries);
      return undefined;
    }
    noteWatchedJob(session.userId, props.id);
    // Nobody looks any more: the dialog was closed, or its page left.
    return () => watchJob(queries, workplace, props.id);
  }, [isBusy, queries, workplace, session, props.id]);
  const done = (job && countDone(job)) ?? 0;
  const total = job?.summary?.total;
  const values = { count: total ?? 0, done };
  const problem = found.error ?? stop.error;
  return (
    <Stack>
      <Progress
        value={isBusy ? (done / Math.max(1, total ?? 1)) * 100 : 100}
        animated={isBusy}
        aria-label={fill(listTexts.progress, values)}
      />
      {isBusy && (
        <Text size="sm" c="dimmed">
          {listTexts.runHint}{' '}
          <RouteLink to="/jobs/$id" params={{ id: props.id }}>
            {listTexts.watchJob}
          </RouteLink>
        </Text>
      )}
      <Text size="sm" aria-live="polite">
        {isBusy && (total === undefined ? listTexts.notedSoFar : fill(listTexts.progress, values))}
        {job && !isBusy && (props.isUndo && job.status === 'completed' ? listTexts.undone : describeEnd(job))}
      </Text>
      {job?.status === 'failed' && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {job.status_details}
        </Text>
      )}
      {problem && <Problem error={problem} />}
      {job && !isBusy && (job.summary?.failed ?? 0) > 0 && <Failures job={job} />}
      <Group justify="flex-end">
        {isBusy && (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {listTexts.stop}
          </Button>
        )}
        {job && !props.isUndo && <UndoButton job={job} onStart={props.onUndo} />}
        <Button onClick={props.onClose}>{texts.close}</Button>
      </Group>
    </Stack>
  );
}

function Failures({ job }: { readonly job: Job }) {
  const { management } = useWorkplace();
  const failures = useQuery({
    queryKey: ['jobs', job.id, 'first-errors'],
    queryFn: async () => {
      const query = { from: 0, take: shownFailures };
      const { body } = await management.call(operations.listJobErrors, {
        parameters: { id: job.id },
        query,
      });
      return Array.isArray(body) ? body : [];
    },
  });
  return (
    <div role="alert">
      <Text size="sm" fw={600}>
        <RouteLink to="/jobs/$id" params={{ id: job.id }}>
          {fill(listTexts.failures, { count: job.summary?.failed ?? 0 })}
        </RouteLink>
      </Text>
      <List size="sm">
        {failures.data?.map(({ row, user, errors }) => (
          <List.Item key={row}>
            <bdi>{String(Reflect.get(user, 'user_id'))}</bdi>: {errors[0]?.message}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
