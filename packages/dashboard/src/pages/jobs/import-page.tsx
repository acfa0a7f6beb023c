import { Button, Checkbox, Group, Progress, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { startImport, uploadFile } from '../../api/upload.ts';
import { fill, locale, texts } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { FilePicker } from './file-picker.tsx';
import { readFirstRows } from './first-rows.ts';
import { FirstRowsTable } from './first-rows-table.tsx';
import { useConnections } from './job-queries.ts';
import { jobTexts } from './texts.ts';
import { findTriedImport, type ImportChoice, keepTriedImport } from './tried-imports.ts';

const megabytes = new Intl.NumberFormat(locale, {
  style: 'unit',
  unit: 'megabyte',
  maximumFractionDigits: 1,
});
const inMegabytes = (bytes: number) => megabytes.format(bytes / 1e6);

const nothingChosen: ImportChoice = {
  connection: null,
  file: undefined,
  isUpsert: false,
  isMerge: false,
  isReported: false,
  externalId: '',
};

/** Brings a file of users in: looks at its first rows at once, tries it on wish, and sends it in pieces. */
export function ImportPage() {
  const mayImport = useMay('create:users');
  return mayImport ? (
    <ImportForm />
  ) : (
    <Empty title={jobTexts.mayNotImport}>{jobTexts.mayNotImportHint}</Empty>
  );
}

function ImportForm() {
  const { tried } = useSearch({ from: '/jobs/import' });
  const workplace = useWorkplace();
  const navigate = useNavigate();
  const connections = useConnections('auth0');
  const [choice, setChoice] = useState(() => findTriedImport(tried ?? '') ?? nothingChosen);
  const choose = (change: Partial<ImportChoice>) => setChoice({ ...choice, ...change });
  const { file, isUpsert, isMerge, isReported, externalId } = choice;
  const [sent, setSent] = useState(0);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const connection = choice.connection ?? connections.data?.[0]?.value ?? null;
  const rows = useQuery({
    queryKey: ['first-rows', file?.name, file?.size, file?.lastModified],
    enabled: file !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => readFirstRows(file ?? new Blob()),
  });
  const sending = useMutation({
    mutationFn: async ({ isDryRun }: { readonly isDryRun: boolean }) => {
      if (!file || connection === null) throw new Error(jobTexts.dropFile);
      abort.current = new AbortController();
      setSent(0);
      const upload = await uploadFile(workplace, file, abort.current.signal, setSent);
      const id = await startImport(workplace, {
        upload_id: String(upload),
        connection_id: connection,
        upsert: String(isUpsert),
        merge_metadata: String(isUpsert && isMerge),
        send_completion_email: String(isReported && !isDryRun),
        dry_run: String(isDryRun),
        ...(externalId.trim() === '' ? {} : { external_id: externalId.trim() }),
      });
      if (isDryRun) keepTriedImport(id, choice);
      return id;
    },
    onSuccess: (id) => navigate({ to: '/jobs/$id', params: { id } }),
  });
  const isReady = file !== undefined && connection !== null && !sending.isPending;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) sending.mutate({ isDryRun: false });
      }}
    >
      <Stack maw={820}>
        <RouteLink to="/jobs">{jobTexts.back}</RouteLink>
        <Title order={1} size="h2">
          {jobTexts.importUsers}
        </Title>
        {connections.error && <Problem error={connections.error} />}
        <Select
          label={texts.connection}
          data={connections.data ?? []}
          value={connection}
          allowDeselect={false}
          onChange={(value) => choose({ connection: value })}
        />
        <FilePicker file={file} onPick={(picked) => choose({ file: picked })} />
        {rows.error && (
          <Text size="sm" c="red" role="alert">
            {fill(jobTexts.notRead, { problem: rows.error.message })}
          </Text>
        )}
        {rows.data && <FirstRowsTable first={rows.data} />}
        <Checkbox
          label={jobTexts.upsert}
          checked={isUpsert}
          onChange={(event) => choose({ isUpsert: event.currentTarget.checked })}
        />
        {isUpsert && (
          <Checkbox
            ml="lg"
            label={jobTexts.mergeMetadata}
            checked={isMerge}
            onChange={(event) => choose({ isMerge: event.currentTarget.checked })}
          />
        )}
        <Checkbox
          label={jobTexts.reportToOwners}
          checked={isReported}
          onChange={(event) => choose({ isReported: event.currentTarget.checked })}
        />
        <TextInput
          label={jobTexts.externalId}
          value={externalId}
          maxLength={255}
          onChange={(event) => choose({ externalId: event.currentTarget.value })}
        />
        {sending.error && <Problem error={sending.error} />}
        {sending.isPending && file && (
          <div>
            <Progress value={(sent / Math.max(1, file.size)) * 100} animated aria-label={jobTexts.file} />
            <Text size="sm" c="dimmed" mt={4} aria-live="polite">
              {fill(jobTexts.sending, { done: inMegabytes(sent), total: inMegabytes(file.size) })}
            </Text>
          </div>
        )}
        <Group>
          <Button
            variant="default"
            disabled={!isReady}
            title={jobTexts.tryFirstHint}
            onClick={() => sending.mutate({ isDryRun: true })}
          >
            {jobTexts.tryFirst}
          </Button>
          <Button type="submit" disabled={!isReady}>
            {jobTexts.startImport}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
