import { Button, FileButton, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { jobTexts } from './texts.ts';

const types = '.json,.ndjson,.jsonl,.csv,.gz,application/json,application/gzip,text/csv';

/** Takes a file that is dropped or chosen. */
export function FilePicker(props: {
  readonly file: File | undefined;
  readonly onPick: (file: File | undefined) => void;
}) {
  const [isOver, setIsOver] = useState(false);
  return (
    <Paper
      withBorder
      p="lg"
      role="group"
      aria-label={jobTexts.file}
      style={{
        borderStyle: 'dashed',
        ...(isOver ? { background: 'var(--mantine-primary-color-light)' } : {}),
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        props.onPick(event.dataTransfer.files[0]);
      }}
    >
      <Group justify="space-between">
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <Text fw={600}>
            <bdi>{props.file?.name ?? jobTexts.dropFile}</bdi>
          </Text>
          <Text size="sm" c="dimmed">
            {jobTexts.fileHint}
          </Text>
        </div>
        <FileButton onChange={(file) => props.onPick(file ?? undefined)} accept={types}>
          {(button) => (
            <Button variant="default" {...button}>
              {jobTexts.chooseFile}
            </Button>
          )}
        </FileButton>
      </Group>
    </Paper>
  );
}
