import { Button, Checkbox, Group, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { fill } from '../../texts/texts.ts';
import { jobTexts } from './texts.ts';

export interface ChosenField {
  /** Path, such as `user_metadata.plan`. */
  readonly name: string;
  /** Name in the file; empty: the path. */
  readonly exportAs: string;
}

const commonFields = [
  'user_id',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'username',
  'phone_number',
  'blocked',
  'created_at',
  'updated_at',
  'last_login',
  'last_ip',
  'logins_count',
  'identities[0].connection',
  'roles',
  'user_metadata',
  'app_metadata',
];

/** Reads `email,user_metadata.plan=Plan`, as the list of users and people who write links have it. */
export function readFields(text: string | undefined): ChosenField[] {
  const fields = new Map<string, ChosenField>();
  for (const field of text?.split(',') ?? []) {
    const [path = '', ...rest] = field.split('=');
    // What the list of users calls this column.
    const name = path.trim() === 'identities.connection' ? 'identities[0].connection' : path.trim();
    if (name !== '') fields.set(name, { name, exportAs: rest.join('=') });
  }
  return [...fields.values()];
}

/** Which fields an export has, in the order they were chosen, and what they are called in it. */
export function ExportFields(props: {
  readonly fields: readonly ChosenField[];
  readonly onChange: (fields: readonly ChosenField[]) => void;
}) {
  const { fields, onChange } = props;
  const [path, setPath] = useState('');
  const isChosen = (name: string) => fields.some((field) => field.name === name);
  const others = fields.map(({ name }) => name).filter((name) => !commonFields.includes(name));
  const add = (name: string) => {
    if (name !== '' && !isChosen(name)) onChange([...fields, { name, exportAs: '' }]);
  };
  const addPath = () => {
    add(path.trim());
    setPath('');
  };
  return (
    <>
      <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
        <legend>
          <Text size="sm" fw={500}>
            {jobTexts.columns}
          </Text>
        </legend>
        <Text size="xs" c="dimmed" mb="xs">
          {jobTexts.columnsHint}
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs">
          {[...commonFields, ...others].map((name) => (
            <Checkbox
              key={name}
              label={name}
              checked={isChosen(name)}
              onChange={(event) => {
                if (event.currentTarget.checked) add(name);
                else onChange(fields.filter((field) => field.name !== name));
              }}
            />
          ))}
        </SimpleGrid>
        <Group align="end" mt="xs">
          <TextInput
            label={jobTexts.addField}
            value={path}
            spellCheck={false}
            style={{ flex: 1 }}
            onChange={(event) => setPath(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              addPath();
            }}
          />
          <Button variant="default" onClick={addPath} disabled={path.trim() === ''}>
            {jobTexts.add}
          </Button>
        </Group>
      </fieldset>
      {fields.length > 0 && (
        <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
          <legend>
            <Text size="sm" fw={500}>
              {jobTexts.exportNames}
            </Text>
          </legend>
          <Text size="xs" c="dimmed" mb="xs">
            {jobTexts.exportNamesHint}
          </Text>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs">
            {fields.map(({ name, exportAs }) => (
              <TextInput
                key={name}
                size="xs"
                label={name}
                aria-label={fill(jobTexts.exportName, { field: name })}
                maxLength={100}
                value={exportAs}
                onChange={(event) => {
                  const renamed = { name, exportAs: event.currentTarget.value };
                  onChange(fields.map((field) => (field.name === name ? renamed : field)));
                }}
              />
            ))}
          </SimpleGrid>
        </fieldset>
      )}
    </>
  );
}
