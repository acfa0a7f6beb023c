import {
  Alert,
  Button,
  Code,
  Group,
  Paper,
  Progress,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay, useMayAct, useWorkplace } from '../../api/management.ts';
import { fill, locale, texts } from '../../texts/texts.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { Confirmation } from '../../ui/confirmation.tsx';
import { Copy } from '../../ui/copy.tsx';
import { Moment } from '../../ui/moment.tsx';
import { NameTitle } from '../../ui/page-title.tsx';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { JobErrors } from './job-errors.tsx';
import { isRunning, type Job, nameConnection, nameJob, scopeOfJob, useJob } from './job-queries.ts';
import { JobRoles } from './job-roles.tsx';
import { JobStatus } from './jobs-page.tsx';
import { jobTexts } from './texts.ts';
import { findTriedImport } from './tried-imports.ts';
import { UndoButton } from './undo-button.tsx';
import { useRate } from './use-rate.ts';

const number = new Intl.NumberFormat(locale);

/** One import, export or action on many users: how far it is, what came of every row, and what it left. */
export function JobPage() {
  const { id } = useParams({ from: '/jobs/$id' });
  const { management, session } = useWorkplace();
  const navigate = useNavigate();
  const found = useJob(id);
  const rate = useRate(found.data);
  const mayImport = useMay('create:users');
  const mayAct = useMayAct();
  const [isStopping, setIsStopping] = useState(false);
  const stop = useMutation({
    mutationFn: () => management.call(operations.cancelJob, { parameters: { id } }),
    onSuccess: async () => {
      await found.refetch();
      setIsStopping(false);
    },
  });
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={240} />;
  const job = found.data;
  return (
    <Stack>
      <NameTitle name={nameJob(job)} />
      <RouteLink to="/jobs">{jobTexts.back}</RouteLink>
      <Group justify="space-between" align="start">
        <div>
          <Title order={1} size="h2">
            {nameJob(job)} {job.external_id !== undefined && <bdi>{job.external_id}</bdi>}
          </Title>
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {job.action === undefined && `${nameConnection(job)} · `}
              <Moment at={job.created_at} />
            </Text>
            <Code>{job.id}</Code>
            <Copy value={job.id} />
          </Group>
        </div>
        <Group gap="xs">
          <JobStatus job={job} />
          {isRunning(job) && mayAct && session.scopes.has(scopeOfJob(job)) && (
            <Button color="red" variant="light" onClick={() => setIsStopping(true)}>
              {jobTexts.stop}
            </Button>
          )}
        </Group>
      </Group>
      {isRunning(job) && <JobProgress job={job} rate={rate} />}
      {job.status === 'failed' && (
        <Alert color="red" role="alert" title={texts.failed}>
          {job.status_details}
        </Alert>
      )}
      {job.summary && <Summary summary={job.summary} type={job.type} />}
      {job.q !== undefined && job.q !== '' && (
        <Text size="sm">
          {texts.searchedFor} <Code>{job.q}</Code>
        </Text>
      )}
      {job.roles !== undefined && <JobRoles ids={job.roles} />}
      <Group>
        <UndoButton job={job} onStart={(undo) => void navigate({ to: '/jobs/$id', params: { id: undo } })} />
        {job.location !== undefined && (
          <Button component="a" href={job.location} download>
            {jobTexts.download}
          </Button>
        )}
        {job.report_location !== undefined && (
          <Button component="a" href={job.report_location} download variant="default">
            {jobTexts.report}
          </Button>
        )}
        {job.dry_run === true && job.type === 'users_action' && (
          <Text size="sm" c="dimmed">
            {jobTexts.nothingWritten}
          </Text>
        )}
        {job.dry_run === true && job.type === 'users_import' && job.status === 'completed' && mayImport && (
          <>
            <ButtonLink to="/jobs/import" search={{ tried: id }}>
              {jobTexts.runForReal}
            </ButtonLink>
            <Text size="sm" c="dimmed">
              {findTriedImport(id) ? jobTexts.nothingWritten : jobTexts.runForRealHint}
            </Text>
          </>
        )}
      </Group>
      {(job.summary?.failed ?? 0) > 0 && <JobErrors id={id} failed={job.summary?.failed ?? 0} />}
      {isStopping && (
        <Confirmation
          title={jobTexts.stopTitle}
          action={jobTexts.stop}
          error={stop.error}
          isPending={stop.isPending}
          onConfirm={() => stop.mutate()}
          onClose={() => setIsStopping(false)}
        >
          {jobTexts.stopHint}
        </Confirmation>
      )}
    </Stack>
  );
}

function JobProgress({ job, rate }: { readonly job: Job; readonly rate: number | undefined }) {
  const percentage = job.percentage_done ?? 0;
  const left = job.time_left_seconds;
  return (
    <div>
      <Progress value={percentage} animated size="lg" aria-label={jobTexts.status} />
      <Text size="sm" c="dimmed" mt={4} aria-live="polite">
        {percentage} %{job.phase === 'building_indexes' && `, ${jobTexts.buildingIndexes}`}
        {rate !== undefined && job.phase === undefined && `, ${fill(jobTexts.rate, { count: rate })}`}
        {left !== undefined && `, ${fill(jobTexts.timeLeft, { time: formatSeconds(left) })}`}
      </Text>
    </div>
  );
}

function formatSeconds(seconds: number): string {
  const unit = seconds >= 90 ? 'minute' : 'second';
  const value = unit === 'minute' ? Math.round(seconds / 60) : seconds;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

function Summary({
  summary,
  type,
}: {
  readonly summary: NonNullable<Job['summary']>;
  readonly type: string;
}) {
  const counts: readonly (readonly [string, number | undefined])[] =
    type === 'users_import'
      ? [
          [jobTexts.inserted, summary.inserted],
          [jobTexts.updated, summary.updated],
          [jobTexts.unchanged, summary.unchanged],
          [jobTexts.failedRows, summary.failed],
          [jobTexts.total, summary.total],
        ]
      : type === 'users_action'
        ? [
            [jobTexts.changed, summary.changed],
            [jobTexts.unchanged, summary.unchanged],
            [jobTexts.failedRows, summary.failed],
            [texts.users, summary.total],
          ]
        : [[jobTexts.total, summary.total]];
  return (
    <SimpleGrid cols={{ base: 2, sm: counts.length }}>
      {counts.map(
        ([label, count]) =>
          count !== undefined && (
            <Paper key={label} withBorder p="sm">
              <Text size="sm" c="dimmed">
                {label}
              </Text>
              <Text size="xl" fw={700}>
                {number.format(count)}
              </Text>
            </Paper>
          ),
      )}
    </SimpleGrid>
  );
}
