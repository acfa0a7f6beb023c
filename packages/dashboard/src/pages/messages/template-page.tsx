import { Skeleton, Stack, Text, Title } from '@mantine/core';
import type { EmailTemplateName } from '@muster/contract';
import { useParams } from '@tanstack/react-router';
import { texts } from '../../texts/texts.ts';
import { Empty, Problem } from '../../ui/problem.tsx';
import { RouteLink } from '../../ui/route-link.tsx';
import { findTemplateName, useTemplate } from './message-queries.ts';
import { TemplateForm } from './template-form.tsx';
import { messageTexts } from './texts.ts';

/** One template: what mail of its kind says, and whether it is sent. */
export function TemplatePage() {
  const name = findTemplateName(useParams({ from: '/messages/templates/$name' }).name);
  return name === undefined ? <Empty title={texts.notFound} /> : <OneTemplate key={name} name={name} />;
}

function OneTemplate({ name }: { readonly name: EmailTemplateName }) {
  const found = useTemplate(name);
  if (found.isLoadingError) return <Problem error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <Skeleton height={320} />;
  return (
    <Stack>
      <RouteLink to="/messages" search={{ tab: 'templates' }}>
        {messageTexts.backToTemplates}
      </RouteLink>
      <div>
        <Title order={1} size="h2">
          {messageTexts[name]}
        </Title>
        <Text size="sm" c="dimmed">
          {name}, {found.data === null ? messageTexts.builtIn : messageTexts.customised}
        </Text>
      </div>
      <TemplateForm name={name} stored={found.data} />
    </Stack>
  );
}
