import { Code, Paper, Text, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { texts } from '../../../texts/texts.ts';
import { ProblemPlace } from '../../../ui/problem-place.tsx';
import { completeQuery, type Vocabulary } from './completion.ts';
import type { SearchText } from './search-text.ts';
import { listTexts } from './texts.ts';

/**
 * One box for whatever somebody has in hand; it completes queries and shows where one is wrong. Its list of completions is made
 * here: a library's combobox would be a tenth of what the page loads at first.
 */
export function SearchBox(props: {
  readonly text: string;
  readonly read: SearchText;
  readonly vocabulary: Vocabulary;
  readonly onChange: (text: string) => void;
}) {
  const box = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [isOpen, setIsOpen] = useState(false);
  /** -1: none, and Enter leaves the text as it is. */
  const [chosen, setChosen] = useState(-1);
  useHotkeys([['/', () => box.current?.focus()]]);
  const { read, text } = props;
  const completions = isOpen ? completeQuery(text, props.vocabulary) : [];
  const write = (next: string) => {
    props.onChange(next);
    setChosen(-1);
    box.current?.focus();
  };
  const take = (index: number) => {
    const completion = completions[index];
    if (completion) write(completion.text);
  };
  const press = (event: KeyboardEvent) => {
    if (completions.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const count = completions.length + 1;
      setChosen(((chosen + 1 + step + count) % count) - 1);
    } else if (event.key === 'Enter' && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      setIsOpen(false);
    }
  };
  return (
    <div style={{ position: 'relative' }}>
      <TextInput
        ref={box}
        role="combobox"
        aria-label={texts.searchShort}
        aria-expanded={completions.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
        placeholder={texts.search}
        value={text}
        onChange={(event) => {
          props.onChange(event.currentTarget.value);
          setIsOpen(true);
          setChosen(-1);
        }}
        onKeyDown={press}
        onBlur={() => setIsOpen(false)}
        error={read.kind === 'problem' ? read.message : undefined}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
      />
      <Paper
        id={listId}
        role="listbox"
        aria-label={listTexts.suggestions}
        shadow="md"
        withBorder={completions.length > 0}
        p={completions.length > 0 ? 4 : 0}
        style={{ position: 'absolute', zIndex: 100, insetInline: 0, top: 40 }}
      >
        {completions.map(({ text: whole, shown }, index) => (
          <div
            key={whole}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            tabIndex={-1}
            style={{
              padding: '4px 8px',
              cursor: 'pointer',
              borderRadius: 'var(--mantine-radius-sm)',
              background: index === chosen ? 'var(--mantine-color-default-hover)' : undefined,
            }}
            // Before the box loses the focus, which closes the list.
            onMouseDown={(event) => {
              event.preventDefault();
              take(index);
            }}
            onMouseMove={() => setChosen(index)}
          >
            <Code>{shown}</Code>
          </div>
        ))}
      </Paper>
      {read.kind === 'problem' && <ProblemPlace text={text.trim()} problem={read} onWrite={write} />}
      {read.kind === 'query' && read.q !== text.trim() && (
        <Text size="xs" c="dimmed" mt={4} lineClamp={2} title={read.q}>
          {texts.searchedFor} <code>{read.q}</code>
        </Text>
      )}
    </div>
  );
}
