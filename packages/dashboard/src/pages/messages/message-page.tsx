import { Alert, Code, Group, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { Copy } from '../../ui/copy.tsx';
import { Moment } from '../../ui/moment.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { findTemplateName, nameKind, type RenderedMessage, useMessage } from './message-queries.ts';
import { MessageStatus } from './outbox.tsx';
import { messageTexts } from './texts.ts';

/** One message as it is or was sent. */
export function MessagePage() {
  const { id } = useParams({ from: '/messages/$id' });
  return /^[1-9]\d{0,14}$/.test(id) ? <OneMessage id={Number(id)} /> : <Empty title={texts.notFound} />;
}

function OneMessage({ id }: { readonly id: number }) {
  const found = useMessage(id);
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  const message = found.data;
  const { user_id: userId, kind, links = [], code } = message;
  const template = findTemplateName(kind);
  const facts: readonly (readonly [string, ReactNode])[] = [
    [
      messageTexts.recipient,
      userId === undefined ? (
        <bdi key="to">{message.to}</bdi>
      ) : (
        <RouteLink key="to" to="/users/$id" params={{ id: userId }}>
          <bdi>{message.to}</bdi>
        </RouteLink>
      ),
    ],
    [messageTexts.sender, <bdi key="from">{message.from ?? '–'}</bdi>],
    [
      messageTexts.template,
      template === undefined ? (
        kind
      ) : (
        <RouteLink key="template" to="/messages/templates/$name" params={{ name: template }}>
          {nameKind(kind)}
        </RouteLink>
      ),
    ],
    [messageTexts.queued, <Moment key="queued" at={message.created_at} />],
    [messageTexts.attempts, message.attempts],
    ...(message.next_attempt_at === undefined
      ? []
      : [[messageTexts.nextAttempt, <Moment key="next" at={message.next_attempt_at} />] as const]),
    ...(message.finished_at === undefined
      ? []
      : [[messageTexts.finished, <Moment key="finished" at={message.finished_at} />] as const]),
  ];
  return (
    <Stack maw={820}>
      <RouteLink to="/messages">{messageTexts.back}</RouteLink>
      <Group justify="space-between" align="start">
        <Title order={1} size="h2">
          <bdi>{message.subject ?? nameKind(kind)}</bdi>
        </Title>
        <MessageStatus message={message} />
      </Group>
      {message.status === 'kept' && (
        <Text size="sm" c="dimmed">
          {messageTexts.keptHint}
        </Text>
      )}
      {isMasked(message) && (
        <Text size="sm" c="dimmed">
          {messageTexts.maskedHint}
        </Text>
      )}
      {message.failure !== undefined && (
        <Alert
          color={message.status === 'failed' ? 'red' : 'yellow'}
          role="alert"
          title={messageTexts.deliveryProblem}
        >
          {message.failure}
        </Alert>
      )}
      <Table>
        <Table.Tbody>
          {facts.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th scope="row" fw={400} w={160}>
                {label}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {links.length > 0 && <Secrets title={messageTexts.links} values={links} />}
      {code !== undefined && <Secrets title={messageTexts.code} values={[code]} />}
      {message.html === undefined ? (
        <Text size="sm">{messageTexts.notRendered}</Text>
      ) : (
        <section>
          <Title order={2} size="h5" mb="xs">
            {messageTexts.shown}
          </Title>
          <PageFrame html={message.html} title={messageTexts.shown} />
        </section>
      )}
      {message.text !== undefined && (
        <section>
          <Title order={2} size="h5" mb="xs">
            {messageTexts.text}
          </Title>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {message.text}
          </Code>
        </section>
      )}
    </Stack>
  );
}

/** Whether it has a link or code that still works and is not for this person's eyes. */
function isMasked({ status, text = '', links = [], code }: RenderedMessage): boolean {
  return (
    (status === 'pending' || status === 'kept') &&
    links.length === 0 &&
    code === undefined &&
    text.includes('*****')
  );
}

/** Shown to be copied, never to be clicked: each works once. */
function Secrets({ title, values }: { readonly title: string; readonly values: readonly string[] }) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      {values.map((value) => (
        <Group key={value} gap="xs">
          <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
          <Copy value={value} />
        </Group>
      ))}
    </section>
  );
}
