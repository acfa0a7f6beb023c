import { Autocomplete, Button, Code, Group, Popover, Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Vocabulary } from './completion.ts';
import { filterFields, kindOfField, needsValue, type Operator, operatorsOf, toCondition } from './filter.ts';
import { listTexts } from './texts.ts';

/** A condition clicked together; it shows the query that it makes. */
export function FilterBuilder(props: {
  readonly vocabulary: Vocabulary;
  readonly onAdd: (condition: string) => void;
}) {
  const [isOpen, setIsOpen] = useState(true);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} trapFocus position="bottom-start" withinPortal shadow="md">
      <Popover.Target>
        <Button variant="default" onClick={() => setIsOpen((open) => !open)}>
          {listTexts.filter}
        </Button>
      </Popover.Target>
      <Popover.Dropdown w={340} maw="calc(100vw - 32px)" aria-label={listTexts.filter}>
        <FilterForm
          vocabulary={props.vocabulary}
          onAdd={(condition) => {
            props.onAdd(condition);
            setIsOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function FilterForm(props: { readonly vocabulary: Vocabulary; readonly onAdd: (condition: string) => void }) {
  const [field, setField] = useState('email');
  const operators = operatorsOf(field);
  const [chosen, setChosen] = useState<Operator>('is');
  const operator = operators.includes(chosen) ? chosen : (operators[0] ?? 'is');
  const [value, setValue] = useState('');
  const condition = toCondition(field, operator, value);
  const inputs = { label: listTexts.value, value, comboboxProps: { withinPortal: false } };
  const kind = kindOfField(field);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (condition !== undefined) props.onAdd(condition);
      }}
    >
      <Stack gap="xs">
        <Autocomplete
          label={listTexts.field}
          data-autofocus
          value={field}
          openOnFocus={false}
          data={[
            ...new Set([
              ...filterFields,
              ...props.vocabulary.fields.filter((name) => name.includes('_metadata.')),
            ]),
          ]}
          comboboxProps={{ withinPortal: false }}
          maxDropdownHeight={240}
          onChange={(next) => {
            setField(next.trim());
            setValue(kindOfField(next.trim()) === 'boolean' ? 'true' : '');
          }}
        />
        <Select
          label={listTexts.condition}
          value={operator}
          allowDeselect={false}
          data={operators.map((name) => ({ value: name, label: listTexts[name] }))}
          comboboxProps={{ withinPortal: false }}
          onChange={(next) => setChosen(operators.find((name) => name === next) ?? 'is')}
        />
        {needsValue(operator) &&
          (kind === 'boolean' ? (
            <Select
              {...inputs}
              allowDeselect={false}
              data={[
                { value: 'true', label: listTexts.yes },
                { value: 'false', label: listTexts.no },
              ]}
              onChange={(next) => setValue(next ?? 'true')}
            />
          ) : kind === 'instant' || kind === 'number' ? (
            <TextInput
              label={listTexts.value}
              type={kind === 'instant' ? 'date' : 'number'}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          ) : (
            <Autocomplete
              {...inputs}
              data={[...(props.vocabulary.values[field] ?? [])]}
              onChange={setValue}
            />
          ))}
        <Text size="xs" c="dimmed" aria-live="polite">
          {condition !== undefined && (
            <>
              {listTexts.makes} <Code>{condition}</Code>
            </>
          )}
        </Text>
        <Group justify="flex-end">
          <Button type="submit" disabled={condition === undefined}>
            {listTexts.apply}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
