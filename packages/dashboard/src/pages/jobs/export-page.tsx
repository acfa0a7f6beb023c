import {
  Button,
  Code,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useMayAct, useWorkplace } from '../../api/management.ts';
import { fill, texts } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { toQuery } from '../users/list/bulk-run.ts';
import { readSearchText, type SearchText } from '../users/list/search-text.ts';
import { type ChosenField, ExportFields, readFields } from './export-fields.tsx';
import { useConnections } from './job-queries.ts';
import { jobTexts } from './texts.ts';

/** Takes users away in a file: which ones, which of their fields, and how. */
export function ExportPage() {
  const mayExport = useMayAct();
  const address = useSearch({ from: '/jobs/export' });
  const selected = useLocation({ select: ({ state }) => state.selectedUsers });
  if (!mayExport) return <Empty title={jobTexts.mayNotExport}>{jobTexts.mayNotImportHint}</Empty>;
  // An address that was passed on, or a sign-in between: all users would be others than those that were meant.
  if (address.selected !== undefined && !selected)
    return (
      <Empty title={jobTexts.selectionGone}>
        <RouteLink to="/users">{jobTexts.selectAgain}</RouteLink>
      </Empty>
    );
  return <ExportForm />;
}

function ExportForm() {
  const address = useSearch({ from: '/jobs/export' });
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const connections = useConnections();
  const [connection, setConnection] = useState<string | null>(null);
  const [format, setFormat] = useState<'json' | 'csv'>(address.fields === undefined ? 'json' : 'csv');
  const [text, setText] = useState(address.q ?? '');
  const [fields, setFields] = useState<readonly ChosenField[]>(() => readFields(address.fields));
  const [limit, setLimit] = useState<number>();
  const selected = useLocation({ select: ({ state }) => state.selectedUsers });
  const read: SearchText = selected ? { kind: 'query', q: toQuery(selected) } : readSearchText(text);
  const starting = useMutation({
    mutationFn: async () => {
      const { body } = await management.call(operations.createUsersExport, {
        body: {
          format,
          ...(connection === null ? {} : { connection_id: connection }),
          ...(read.kind === 'query' ? { q: read.q } : {}),
          ...(fields.length === 0 ? {} : { fields: fields.map(describeField) }),
          ...(limit === undefined ? {} : { limit }),
          ...(address.sort === undefined ? {} : { sort: address.sort }),
        },
      });
      return body.id;
    },
    onSuccess: (id) => navigate({ to: '/jobs/$id', params: { id } }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (read.kind !== 'problem') starting.mutate();
      }}
    >
      <Stack maw={820}>
        <RouteLink to="/jobs">{jobTexts.back}</RouteLink>
        <Title order={1} size="h2">
          {jobTexts.exportUsers}
        </Title>
        {connections.error && <Problem error={connections.error} />}
        <Select
          label={texts.connection}
          placeholder={jobTexts.allConnections}
          data={connections.data ?? []}
          value={connection}
          clearable
          clearButtonProps={{ 'aria-label': jobTexts.allConnections }}
          onChange={setConnection}
        />
        {selected ? (
          <Text size="sm" fw={500}>
            {fill(jobTexts.selectedOnly, { count: selected.length })}
          </Text>
        ) : (
          <TextInput
            label={jobTexts.query}
            value={text}
            error={read.kind === 'problem' ? read.message : undefined}
            spellCheck={false}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <SegmentedControl
          aria-label={jobTexts.format}
          value={format}
          data={[
            { value: 'json', label: jobTexts.jsonLines },
            { value: 'csv', label: jobTexts.csv },
          ]}
          onChange={(value) => setFormat(value === 'csv' ? 'csv' : 'json')}
        />
        <ExportFields fields={fields} onChange={setFields} />
        {address.sort !== undefined && (
          <Text size="sm">
            {jobTexts.sortedBy} <Code>{address.sort}</Code>
          </Text>
        )}
        <NumberInput
          label={jobTexts.limit}
          min={1}
          allowDecimal={false}
          value={limit ?? ''}
          onChange={(value) => setLimit(typeof value === 'number' ? value : undefined)}
        />
        {starting.error && <Problem error={starting.error} />}
        <Group>
          <Button type="submit" loading={starting.isPending} disabled={read.kind === 'problem'}>
            {jobTexts.startExport}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function describeField({ name, exportAs }: ChosenField): { name: string; export_as?: string } {
  return exportAs.trim() === '' ? { name } : { name, export_as: exportAs.trim() };
}
