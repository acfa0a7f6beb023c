import { Autocomplete, Code, Stack, Table, Text, Title } from '@mantine/core';
import { fill } from '../../../texts/texts.ts';
import { jobTexts } from '../texts.ts';
import { attributes, findMappingProblem, type Mapping } from './targets.ts';

/** What each column of the file becomes. */
export function ColumnMapping(props: {
  readonly kind: 'json' | 'csv';
  /** Names of the file with a value of each. */
  readonly columns: ReadonlyMap<string, unknown>;
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}) {
  const { kind, columns, mapping } = props;
  return (
    <Stack gap="xs" role="region" aria-label={jobTexts.mapping}>
      <Title order={2} size="h5">
        {jobTexts.mapping}
      </Title>
      <Text size="sm">{jobTexts.mappingHint}</Text>
      <Table role="table" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{jobTexts.column}</Table.Th>
            <Table.Th visibleFrom="xs">{jobTexts.example}</Table.Th>
            <Table.Th>{jobTexts.becomes}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...columns].map(([column, example]) => {
            const problem = findMappingProblem(mapping, column, kind);
            const path = column.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_');
            return (
              <Table.Tr key={column}>
                <Table.Th scope="row" fw={400} style={{ overflowWrap: 'anywhere' }}>
                  <Code style={{ whiteSpace: 'normal' }}>
                    <bdi>{column}</bdi>
                  </Code>
                </Table.Th>
                <Table.Td c="dimmed" maw={220} visibleFrom="xs">
                  <Text size="xs" truncate>
                    <bdi>{typeof example === 'string' ? example : JSON.stringify(example)}</bdi>
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Autocomplete
                    size="xs"
                    aria-label={fill(jobTexts.becomesOf, { column })}
                    placeholder={jobTexts.leftOut}
                    spellCheck={false}
                    data={[...attributes, `user_metadata.${path}`, `app_metadata.${path}`]}
                    value={mapping.get(column) ?? ''}
                    error={
                      problem === 'twice'
                        ? jobTexts.targetTwice
                        : problem === 'unknown' && jobTexts.targetUnknown
                    }
                    onChange={(target) => props.onChange(new Map([...mapping, [column, target.trim()]]))}
                  />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
