import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { EmailTemplateName } from '@muster/contract';
import { useState } from 'react';
import { PageFrame } from '../../ui/page-frame.tsx';
import { Problem } from '../../ui/problem.tsx';
import { type TemplateChange, useTemplatePreview } from './message-queries.ts';
import { messageTexts } from './texts.ts';

type Parts = Pick<TemplateChange, 'body' | 'subject' | 'from'>;

/** The mail that a template makes of an example, as the server renders it, while it is written. */
export function TemplatePreview(props: {
  readonly name: EmailTemplateName;
  readonly parts: Required<Parts>;
  readonly isReadOnly: boolean;
  /** Begins with the built-in parts, or goes back to them. */
  readonly onReplace: (parts: Parts) => void;
}) {
  const [parts] = useDebouncedValue(props.parts, 400);
  const preview = useTemplatePreview(props.name, parts);
  const [isText, setIsText] = useState(false);
  const { data } = preview;
  const isOwn = Boolean(props.parts.body) || Boolean(props.parts.subject);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2} size="h5">
          {messageTexts.preview}
        </Title>
        <Group gap="xs">
          {!props.isReadOnly && data && !props.parts.body && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => props.onReplace({ body: data.built_in.body, subject: data.built_in.subject })}
            >
              {messageTexts.startFromBuiltIn}
            </Button>
          )}
          {!props.isReadOnly && isOwn && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => props.onReplace({ body: null, subject: null })}
            >
              {messageTexts.backToBuiltIn}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => setIsText(!isText)}>
            {isText ? messageTexts.asHtml : messageTexts.asText}
          </Button>
        </Group>
      </Group>
      <Text size="sm" c="dimmed">
        {messageTexts.previewHint}
      </Text>
      {preview.error && <Problem error={preview.error} />}
      {!data && !preview.error && <Skeleton height={320} />}
      {data && (
        <>
          <Text size="sm">
            {messageTexts.subject}: <strong>{data.subject}</strong>
          </Text>
          {isText ? (
            <Text component="pre" size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {data.text}
            </Text>
          ) : (
            <PageFrame html={data.html} title={messageTexts.preview} />
          )}
        </>
      )}
    </Stack>
  );
}
