import { Code, Stack, Table, Text, Title } from '@mantine/core';
import { fill } from '../../texts/texts.ts';
import type { CheckedRow } from './first-rows.ts';
import { jobTexts } from './texts.ts';

/** The first rows of a file before it is sent, with what is wrong in them. */
export function FirstRowsTable({ rows }: { readonly rows: readonly CheckedRow[] }) {
  if (rows.length === 0)
    return (
      <Text size="sm" c="var(--mantine-color-error)" role="alert">
        {jobTexts.noRows}
      </Text>
    );
  const wrong = rows.filter(({ problems }) => problems.length > 0);
  return (
    <Stack gap="xs" role="region" aria-label={fill(jobTexts.firstRows, { count: rows.length })}>
      <Title order={2} size="h5">
        {fill(jobTexts.firstRows, { count: rows.length })}
      </Title>
      {wrong.length === 0 ? (
        <Text size="sm" role="status">
          {jobTexts.rowsAreFine}
        </Text>
      ) : (
        <Table role="table" layout="fixed">
          <Table.Tbody>
            {wrong.map(({ number, text, problems }) => (
              <Table.Tr key={number}>
                <Table.Th scope="row" w={64}>
                  {number}
                </Table.Th>
                <Table.Td>
                  {problems.map(({ path, message }) => (
                    <Text
                      size="sm"
                      c="var(--mantine-color-error)"
                      key={`${path} ${message}`}
                      style={{ overflowWrap: 'anywhere' }}
                    >
                      {path !== '' && <Code>{path}</Code>} {message}
                    </Text>
                  ))}
                  <Text size="xs" c="dimmed" truncate>
                    <bdi>{text}</bdi>
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
