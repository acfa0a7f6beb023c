import { Button, Code, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { ListTable } from '../../ui/list-table.tsx';
import { Problem } from '../../ui/problem.tsx';
import { jobTexts } from './texts.ts';

const pageSize = 50;

/** The rows of an import that failed, each with what was wrong; page by page, however many. */
export function JobErrors({ id, failed }: { readonly id: string; readonly failed: number }) {
  const { management } = useWorkplace();
  const pages = useInfiniteQuery({
    queryKey: ['jobs', id, 'errors', failed],
    // More rows fail while the job runs; those that are shown stay meanwhile.
    placeholderData: keepPreviousData,
    initialPageParam: 0,
    queryFn: async ({ pageParam: from }) => {
      const query = { from, take: pageSize };
      const { body } = await management.call(operations.listJobErrors, { parameters: { id }, query });
      return Array.isArray(body) ? body : [];
    },
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last.at(-1)?.row),
  });
  if (pages.error) return <Problem error={pages.error} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return <Skeleton height={160} />;
  return (
    <Stack align="start">
      <Title order={2} size="h5">
        {jobTexts.rowErrors}
      </Title>
      <ListTable minWidth={640}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{jobTexts.row}</Table.Th>
            <Table.Th>{jobTexts.code}</Table.Th>
            <Table.Th>{jobTexts.path}</Table.Th>
            <Table.Th>{jobTexts.problem}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pages.data.pages.flat().map(({ row, errors, user }) =>
            errors.map(({ code, message, path }, index) => (
              <Table.Tr key={`${row} ${code} ${path} ${message}`}>
                <Table.Td w={96} data-label={jobTexts.row}>
                  {row}
                </Table.Td>
                <Table.Td>
                  <Code>{code}</Code>
                </Table.Td>
                <Table.Td>{path !== undefined && <Code>{path}</Code>}</Table.Td>
                <Table.Td>
                  <Text size="sm">{message}</Text>
                  {index === 0 && (
                    <Text size="xs" c="dimmed" truncate maw="min(480px, calc(100vw - 32px))">
                      <bdi>{JSON.stringify(user)}</bdi>
                    </Text>
                  )}
                </Table.Td>
              </Table.Tr>
            )),
          )}
        </Table.Tbody>
      </ListTable>
      {pages.hasNextPage && (
        <Button
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {jobTexts.moreErrors}
        </Button>
      )}
    </Stack>
  );
}
