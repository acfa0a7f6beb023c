import { Button, Checkbox, Group, Popover, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { choosableFields, isMetadataPath, shownAtFirst } from './columns.ts';
import { listTexts } from './texts.ts';

/** Which columns the list has: fields of the profile, and any metadata path. */
export function ColumnChooser(props: {
  readonly fields: readonly string[];
  readonly onChange: (fields: readonly string[]) => void;
}) {
  const [path, setPath] = useState('');
  const typed = path.trim();
  const isWrong = typed !== '' && !isMetadataPath(typed);
  const paths = props.fields.filter(isMetadataPath);
  const toggle = (field: string, isShown: boolean) =>
    props.onChange(
      isShown ? [...props.fields, field] : props.fields.filter((candidate) => candidate !== field),
    );
  return (
    <Popover defaultOpened trapFocus position="bottom-end" withinPortal shadow="md">
      <Popover.Target>
        <Button variant="default">{listTexts.columns}</Button>
      </Popover.Target>
      <Popover.Dropdown w={320} maw="calc(100vw - 32px)" aria-label={listTexts.columns}>
        <Stack gap="xs" mah="60vh" style={{ overflowY: 'auto' }}>
          {[...choosableFields, ...paths.map((field) => ({ field, label: field }))].map(
            ({ field, label }) => (
              <Checkbox
                key={field}
                label={label}
                checked={props.fields.includes(field)}
                onChange={(event) => toggle(field, event.currentTarget.checked)}
              />
            ),
          )}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (typed === '' || isWrong) return;
              if (!props.fields.includes(typed)) toggle(typed, true);
              setPath('');
            }}
          >
            <Stack gap="xs">
              <TextInput
                label={listTexts.addMetadataColumn}
                value={path}
                error={isWrong ? listTexts.notPath : undefined}
                spellCheck={false}
                onChange={(event) => setPath(event.currentTarget.value)}
              />
              <Group justify="space-between">
                <Button variant="subtle" size="compact-sm" onClick={() => props.onChange([...shownAtFirst])}>
                  {listTexts.resetColumns}
                </Button>
                <Button type="submit" size="compact-sm" disabled={typed === '' || isWrong}>
                  {listTexts.add}
                </Button>
              </Group>
            </Stack>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
