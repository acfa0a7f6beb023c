import { Checkbox, Grid, NumberInput, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { EmailTemplateName } from '@muster/contract';
import { useMay } from '../../api/management.ts';
import { Problem } from '../../ui/problem.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { useEdits } from '../../ui/use-edits.ts';
import { type Template, type TemplateChange, useTemplateChange } from './message-queries.ts';
import { isOn, makeEmptyTemplate } from './template-defaults.ts';
import { TemplatePreview } from './template-preview.tsx';
import { messageTexts } from './texts.ts';

const lines = [
  { name: 'from', label: messageTexts.from, hint: messageTexts.fromHint },
  { name: 'subject', label: messageTexts.subject, hint: messageTexts.emptyHint },
  { name: 'resultUrl', label: messageTexts.resultUrl, hint: messageTexts.resultUrlHint },
] as const;

/** What is customised of a template, and how its body looks. An empty part is the built-in one's. */
export function TemplateForm(props: {
  readonly name: EmailTemplateName;
  /** `null` until somebody customised it: saving makes it. */
  readonly stored: Template | null;
}) {
  const { name, stored } = props;
  const whole = stored ?? makeEmptyTemplate(name);
  const edits = useEdits<TemplateChange>(whole);
  const mayCreate = useMay('create:email_templates');
  const mayUpdate = useMay('update:email_templates');
  const isReadOnly = !(stored === null ? mayCreate : mayUpdate);
  const saving = useTemplateChange(stored, whole);
  const shown = { ...whole, ...edits.edits };
  const edit = (change: TemplateChange) => {
    saving.reset();
    edits.edit(change);
  };
  return (
    <Grid>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const { changed } = edits;
            if (edits.isChanged) saving.mutate(changed, { onSuccess: () => edits.settle(changed) });
          }}
        >
          <Stack>
            {saving.error && <Problem error={saving.error} />}
            <Switch
              label={messageTexts.enabled}
              disabled={isReadOnly}
              checked={isOn(name, shown)}
              onChange={(event) => edit({ enabled: event.currentTarget.checked })}
            />
            {lines.map(({ name: line, label, hint }) => (
              <TextInput
                key={line}
                label={label}
                description={hint}
                readOnly={isReadOnly}
                spellCheck={false}
                value={shown[line] ?? ''}
                onChange={(event) => edit({ [line]: event.currentTarget.value || null })}
              />
            ))}
            <NumberInput
              label={messageTexts.urlLifetime}
              description={messageTexts.urlLifetimeHint}
              min={0}
              allowDecimal={false}
              readOnly={isReadOnly}
              value={shown.urlLifetimeInSeconds ?? ''}
              onChange={(value) => edit({ urlLifetimeInSeconds: typeof value === 'number' ? value : null })}
            />
            <Checkbox
              label={messageTexts.includeEmail}
              disabled={isReadOnly}
              checked={shown.includeEmailInRedirect ?? false}
              onChange={(event) => edit({ includeEmailInRedirect: event.currentTarget.checked })}
            />
            <Textarea
              label={messageTexts.body}
              description={`${messageTexts.emptyHint} ${messageTexts.variables}`}
              readOnly={isReadOnly}
              value={shown.body ?? ''}
              onChange={(event) => edit({ body: event.currentTarget.value || null })}
              autosize
              minRows={10}
              maxRows={32}
              spellCheck={false}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            />
            <SaveBar edits={edits} saving={saving} />
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <TemplatePreview
          name={name}
          parts={{ body: shown.body ?? null, subject: shown.subject ?? null, from: shown.from ?? null }}
          isReadOnly={isReadOnly}
          onReplace={edit}
        />
      </Grid.Col>
    </Grid>
  );
}
