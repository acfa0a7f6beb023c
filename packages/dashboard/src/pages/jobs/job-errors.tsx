import { Button, Code, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import * as operations from '@muster/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useWorkplace } from '../../api/management.ts';
import { Problem } from '../../ui/problem.tsx';
import { jobTexts } from './texts.ts';

const pageSize = 50;

/** The rows of an import that failed, each with what was wrong; page by page, however many. */
export function JobErrors({ id, failed }: { readonly id: string; readonly failed: number }) {
  const { management } = useWorkplace();
  const pages = useInfiniteQuery({
    queryKey: ['jobs', id, 'errors', failed],
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
      <Table.ScrollContainer minWidth={640} w="100%" scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{jobTexts.row}</Table.Th>
              <Table.Th>{jobTexts.problem}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {pages.data.pages.flat().map(({ row, errors, user }) => (
              <Table.Tr key={row}>
                <Table.Td w={96}>{row}</Table.Td>
                <Table.Td>
                  {errors.map(({ code, message, path }) => (
                    <Text size="sm" key={`${code} ${path} ${message}`}>
                      <Code>{code}</Code> {path !== undefined && <Code>{path}</Code>} {message}
                    </Text>
                  ))}
                  <Text size="xs" c="dimmed" truncate maw={640}>
                    <bdi>{JSON.stringify(user)}</bdi>
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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
