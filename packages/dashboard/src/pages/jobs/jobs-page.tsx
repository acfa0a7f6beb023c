import {
  Badge,
  Button,
  Group,
  Progress,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMay, useMayAct } from '../../api/management.ts';
import { locale, texts } from '../../texts/texts.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { isJobType, isRunning, type Job, nameConnection, nameJob, useJobs } from './job-queries.ts';
import { jobTexts } from './texts.ts';

const colors = {
  pending: 'gray',
  processing: 'blue',
  completed: 'teal',
  failed: 'red',
  cancelled: 'yellow',
} as const;

const number = new Intl.NumberFormat(locale);

/** Imports, exports and actions on many users, the newest first. */
export function JobsPage() {
  const { type } = useSearch({ from: '/jobs' });
  const navigate = useNavigate({ from: '/jobs' });
  const pages = useJobs(isJobType(type) ? type : undefined);
  const mayImport = useMay('create:users');
  const mayExport = useMayAct();
  // Jobs that began meanwhile move the rest to later pages.
  const jobs = new Map(pages.data?.pages.flat().map((job) => [job.id, job]));
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          {texts.jobs}
        </Title>
        <Group gap="xs">
          {mayImport && <ButtonLink to="/jobs/import">{jobTexts.importUsers}</ButtonLink>}
          {mayExport && <ButtonLink to="/jobs/export">{jobTexts.exportUsers}</ButtonLink>}
        </Group>
      </Group>
      <SegmentedControl
        aria-label={jobTexts.type}
        style={{ alignSelf: 'start' }}
        value={type ?? ''}
        data={[
          { value: '', label: jobTexts.allKinds },
          { value: 'users_import', label: jobTexts.imports },
          { value: 'users_export', label: jobTexts.exports },
          { value: 'users_action', label: jobTexts.actions },
        ]}
        onChange={(value) => void navigate({ search: { type: value || undefined }, replace: true })}
      />
      {pages.error && <Problem error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isLoading && <Skeleton height={240} />}
      {pages.isSuccess && jobs.size === 0 && <Empty title={jobTexts.noJobs}>{jobTexts.noJobsHint}</Empty>}
      {jobs.size > 0 && (
        <ListTable minWidth={640}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{jobTexts.type}</Table.Th>
              <Table.Th>{jobTexts.status}</Table.Th>
              <Table.Th>{texts.connection}</Table.Th>
              <Table.Th ta="end">{jobTexts.total}</Table.Th>
              <Table.Th>{jobTexts.started}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...jobs.values()].map((job) => (
              <Row key={job.id} job={job} />
            ))}
          </Table.Tbody>
        </ListTable>
      )}
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {jobTexts.moreJobs}
        </Button>
      )}
    </Stack>
  );
}

function Row({ job }: { readonly job: Job }) {
  return (
    <Table.Tr>
      <Table.Td>
        <RouteLink to="/jobs/$id" params={{ id: job.id }}>
          {nameJob(job)}
        </RouteLink>
        {job.external_id !== undefined && (
          <Text size="xs" c="dimmed">
            <bdi>{job.external_id}</bdi>
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <JobStatus job={job} />
        {isRunning(job) && (
          <Progress mt={4} size="sm" value={job.percentage_done ?? 0} aria-label={jobTexts.status} />
        )}
      </Table.Td>
      <Table.Td>{nameConnection(job)}</Table.Td>
      <Table.Td ta="end" data-label={jobTexts.total}>
        {job.summary?.total !== undefined && number.format(job.summary.total)}
      </Table.Td>
      <Table.Td>
        <Moment at={job.created_at} />
      </Table.Td>
    </Table.Tr>
  );
}

export function JobStatus({ job }: { readonly job: Job }) {
  return (
    <Group gap={4}>
      <Badge variant="dot" tt="none" color={colors[job.status]}>
        {jobTexts[job.status]}
      </Badge>
      {job.dry_run === true && (
        <Badge variant="outline" tt="none" color="gray">
          {jobTexts.dryRun}
        </Badge>
      )}
    </Group>
  );
}
