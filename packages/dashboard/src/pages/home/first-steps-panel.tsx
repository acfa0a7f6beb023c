import { Button, Group, List, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { ButtonLink } from '../../ui/button-link.tsx';
import type { FirstSteps } from './first-steps.ts';
import { homeTexts } from './texts.ts';

/** What to do on the first day, one after the other; a step that is done is a line. */
export function FirstStepsPanel({
  steps,
  onHide,
}: {
  readonly steps: FirstSteps;
  readonly onHide: () => void;
}) {
  const { connectionId: id } = steps;
  return (
    <Paper withBorder p="md" component="section" aria-label={homeTexts.firstSteps}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h5">
          {homeTexts.firstSteps}
        </Title>
        <Button size="compact-sm" variant="subtle" onClick={onHide}>
          {homeTexts.hide}
        </Button>
      </Group>
      <List type="ordered" spacing="sm" withPadding>
        <Step isDone={steps.hasUsers} title={homeTexts.users} hint={homeTexts.usersHint}>
          <ButtonLink to="/jobs/import">{homeTexts.importUsers}</ButtonLink>
          <ButtonLink to="/users" search={{ create: '1' }}>
            {homeTexts.createUser}
          </ButtonLink>
        </Step>
        <Step isDone={steps.hasApplication} title={homeTexts.application} hint={homeTexts.applicationHint}>
          <ButtonLink to="/applications">{homeTexts.toApplications}</ButtonLink>
        </Step>
        <Step isDone={steps.hasSignIn} title={homeTexts.signIn} hint={homeTexts.signInHint}>
          {id !== undefined && (
            <ButtonLink to="/connections/$id" params={{ id }} search={{ tab: 'try' }}>
              {homeTexts.trySignIn}
            </ButtonLink>
          )}
        </Step>
      </List>
    </Paper>
  );
}

function Step(props: {
  readonly isDone: boolean;
  readonly title: string;
  readonly hint: string;
  /** Where it is done. */
  readonly children: ReactNode;
}) {
  if (props.isDone)
    return (
      <List.Item>
        <Text size="sm" c="dimmed">
          {props.title} · {homeTexts.done} ✓
        </Text>
      </List.Item>
    );
  return (
    <List.Item>
      <Text size="sm" fw={600}>
        {props.title}
      </Text>
      <Text size="sm" c="dimmed" mb={6}>
        {props.hint}
      </Text>
      <Group gap="xs">{props.children}</Group>
    </List.Item>
  );
}
