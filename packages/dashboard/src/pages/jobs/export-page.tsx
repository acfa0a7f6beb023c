import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import * as operations from '@muster/contract';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useWorkplace } from '../../api/management.ts';
import { texts } from '../../texts/texts.ts';
import { Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { readSearchText } from '../users/list/search-text.ts';
import { useConnections } from './job-queries.ts';
import { jobTexts } from './texts.ts';

const commonFields = [
  'user_id',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
  'blocked',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
  'identities[0].connection',
  'user_metadata',
  'app_metadata',
];
/** What the list of users calls a column, and an export a path. */
const toExportName = (field: string) =>
  field === 'identities.connection' ? 'identities[0].connection' : field;

/** Takes users away in a file: which ones, which of their fields, and how. */
export function ExportPage() {
  const address = useSearch({ from: '/jobs/export' });
  const { management } = useWorkplace();
  const navigate = useNavigate();
  const connections = useConnections();
  const [connection, setConnection] = useState<string | null>(null);
  const [format, setFormat] = useState<'json' | 'csv'>(address.fields === undefined ? 'json' : 'csv');
  const [text, setText] = useState(address.q ?? '');
  const [fields, setFields] = useState<readonly string[]>(address.fields?.split(',').map(toExportName) ?? []);
  const [path, setPath] = useState('');
  const [limit, setLimit] = useState<number>();
  const read = readSearchText(text);
  const starting = useMutation({
    mutationFn: async () => {
      const { body } = await management.call(operations.createUsersExport, {
        body: {
          format,
          ...(connection === null ? {} : { connection_id: connection }),
          ...(read.kind === 'query' ? { q: read.q } : {}),
          ...(fields.length === 0 ? {} : { fields: fields.map((name) => ({ name })) }),
          ...(limit === undefined ? {} : { limit }),
        },
      });
      return body.id;
    },
    onSuccess: (id) => navigate({ to: '/jobs/$id', params: { id } }),
  });
  const toggle = (field: string, isWanted: boolean) =>
    setFields(isWanted ? [...fields, field] : fields.filter((other) => other !== field));
  const addPath = () => {
    const field = path.trim();
    if (field !== '' && !fields.includes(field)) setFields([...fields, field]);
    setPath('');
  };
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
        <Select
          label={texts.connection}
          placeholder={jobTexts.allConnections}
          data={connections.data ?? []}
          value={connection}
          clearable
          clearButtonProps={{ 'aria-label': jobTexts.allConnections }}
          onChange={setConnection}
        />
        <TextInput
          label={jobTexts.query}
          value={text}
          error={read.kind === 'problem' ? read.message : undefined}
          spellCheck={false}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={jobTexts.format}
          value={format}
          data={[
            { value: 'json', label: jobTexts.jsonLines },
            { value: 'csv', label: jobTexts.csv },
          ]}
          onChange={(value) => setFormat(value === 'csv' ? 'csv' : 'json')}
        />
        <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
          <legend>
            <Text size="sm" fw={500}>
              {jobTexts.columns}
            </Text>
          </legend>
          <Text size="xs" c="dimmed" mb="xs">
            {jobTexts.columnsHint}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs">
            {[...commonFields, ...fields.filter((field) => !commonFields.includes(field))].map((field) => (
              <Checkbox
                key={field}
                label={field}
                checked={fields.includes(field)}
                onChange={(event) => toggle(field, event.currentTarget.checked)}
              />
            ))}
          </SimpleGrid>
          <Group align="end" mt="xs">
            <TextInput
              label={jobTexts.addField}
              value={path}
              spellCheck={false}
              style={{ flex: 1 }}
              onChange={(event) => setPath(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                addPath();
              }}
            />
            <Button variant="default" onClick={addPath} disabled={path.trim() === ''}>
              {jobTexts.add}
            </Button>
          </Group>
        </fieldset>
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
