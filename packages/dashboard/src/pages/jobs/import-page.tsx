import { Button, Checkbox, Group, Progress, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useMay, useWorkplace } from '../../api/management.ts';
import { startImport, toSource, uploadFile } from '../../api/upload.ts';
import { fill, locale, texts } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.ts';
import { FilePicker } from './file-picker.tsx';
import { FirstRowsTable } from './first-rows-table.tsx';
import { useConnections } from './job-queries.ts';
import { ColumnMapping } from './mapping/column-mapping.tsx';
import { openMappedFile } from './mapping/mapped-file.ts';
import { jobTexts } from './texts.ts';
import { findTriedImport, type ImportChoice, keepTriedImport } from './tried-imports.ts';
import { usePickedFile } from './use-picked-file.ts';

const megabytes = new Intl.NumberFormat(locale, {
  style: 'unit',
  unit: 'megabyte',
  maximumFractionDigits: 1,
});
const inMegabytes = (bytes: number) => megabytes.format(bytes / 1e6);

const nothingChosen: ImportChoice = {
  connection: null,
  file: undefined,
  columns: new Map(),
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
  const [sent, setSent] = useState<{ readonly done: number; readonly total: number }>();
  const [isMapping, setIsMapping] = useState(false);
  const abort = useRef(new AbortController());
  useEffect(() => () => abort.current.abort(), []);
  const connection = choice.connection ?? connections.data?.[0]?.value ?? null;
  const { read, error: readError } = usePickedFile(file, choice.columns);
  const isSending = useRef(false);
  useLeaveGuard(() => isSending.current, jobTexts.leaveSending);
  const sending = useMutation({
    mutationFn: async ({ isDryRun }: { readonly isDryRun: boolean }) => {
      if (!file || connection === null) throw new Error(jobTexts.dropFile);
      abort.current = new AbortController();
      const { signal } = abort.current;
      isSending.current = true;
      setSent(undefined);
      const source = read?.isMapped
        ? await openMappedFile(file, read.form, read.mapping, signal)
        : toSource(file);
      const upload = await uploadFile(workplace, source, signal, (done) =>
        setSent({ done, total: source.size }),
      );
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
    onError: () => {
      isSending.current = false;
    },
    onSuccess: (id) => {
      isSending.current = false;
      return navigate({ to: '/jobs/$id', params: { id } });
    },
  });
  const isReady = file !== undefined && connection !== null && !sending.isPending && read?.isWrong !== true;
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
        <FilePicker file={file} onPick={(picked) => choose({ file: picked, columns: new Map() })} />
        {readError && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {fill(jobTexts.notRead, { problem: readError.message })}
          </Text>
        )}
        {read && read.columns.size > 0 && (
          <>
            {read.hasUnknown || isMapping ? (
              <ColumnMapping
                kind={read.form.kind}
                columns={read.columns}
                mapping={read.mapping}
                onChange={(columns) => choose({ columns })}
              />
            ) : (
              <Group>
                <Button variant="subtle" size="compact-sm" onClick={() => setIsMapping(true)}>
                  {jobTexts.changeMapping}
                </Button>
              </Group>
            )}
            {read.lacksIdentifier && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {jobTexts.noIdentifier}
              </Text>
            )}
            {read.isMapped && (
              <Text size="sm" c="dimmed">
                {jobTexts.mappedHint}
              </Text>
            )}
          </>
        )}
        {read && <FirstRowsTable rows={read.rows} />}
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
        {sending.isPending && (
          <div>
            <Progress
              value={sent ? (sent.done / Math.max(1, sent.total)) * 100 : 0}
              animated
              aria-label={jobTexts.file}
            />
            <Text size="sm" c="dimmed" mt={4} aria-live="polite">
              {sent
                ? fill(jobTexts.sending, { done: inMegabytes(sent.done), total: inMegabytes(sent.total) })
                : jobTexts.preparing}{' '}
              {jobTexts.keepOpen}
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
