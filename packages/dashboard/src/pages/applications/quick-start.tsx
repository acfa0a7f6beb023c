import { Alert, Stack } from '@mantine/core';
import { fill } from '../../texts/texts.ts';
import { Snippet } from '../../ui/snippet.tsx';
import type { Application } from './application-queries.ts';
import { writeQuickStart } from './snippets.ts';
import { applicationTexts } from './texts.ts';

/** The few lines that put an application to work, with its own ids in them. */
export function QuickStart({ application }: { readonly application: Application }) {
  const { steps, callback } = writeQuickStart(application, window.location.origin);
  const isMissing = callback !== undefined && application.callbacks?.includes(callback) !== true;
  return (
    <Stack maw={760}>
      {isMissing && <Alert color="yellow">{fill(applicationTexts.missingCallback, { url: callback })}</Alert>}
      {callback === undefined && <Alert color="blue">{applicationTexts.missingGrant}</Alert>}
      {steps.map(({ title, text }) => (
        <Snippet key={title} title={title} text={text} />
      ))}
    </Stack>
  );
}
