import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { forceLinting, linter, lintGutter } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { styleNonce } from '../../../ui/style-nonce.ts';
import type { MetadataProblem } from './metadata.ts';

/** Colours that are read on white and on black (WCAG 2.2 §1.4.3). */
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'light-dark(#3b4fc4, #91a7ff)' },
  { tag: tags.string, color: 'light-dark(#1d6b35, #8ce99a)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'light-dark(#a03000, #ffc078)' },
]);
const looks = EditorView.theme({
  '&': {
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 'var(--mantine-radius-default)',
    background: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    fontSize: 'var(--mantine-font-size-sm)',
  },
  '&.cm-focused': { outline: '2px solid var(--mantine-primary-color-filled)', outlineOffset: '-1px' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    minHeight: '7em',
    maxHeight: '60vh',
    lineHeight: '1.55',
  },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    background: 'var(--mantine-color-default-hover)',
    color: 'var(--mantine-color-dimmed)',
    border: 'none',
    borderStartStartRadius: 'var(--mantine-radius-default)',
    borderEndStartRadius: 'var(--mantine-radius-default)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--mantine-primary-color-light-hover)',
  },
  '.cm-tooltip': {
    background: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 'var(--mantine-radius-default)',
  },
  '&.cm-focused .cm-matchingBracket': { background: 'var(--mantine-color-default-hover)' },
});

/**
 * A text of JSON with its colours, line numbers, undo, and what is wrong underlined at its place. Tab leaves it, as it leaves
 * every other field.
 */
export function JsonEditor(props: {
  readonly label: string;
  /** Of the element that says what is wrong. */
  readonly describedBy: string;
  readonly text: string;
  readonly problems: readonly MetadataProblem[];
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const writable = useRef(new Compartment());
  const { label, describedBy, text, problems, isReadOnly } = props;
  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          EditorView.cspNonce.of(styleNonce),
          looks,
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          bracketMatching(),
          indentUnit.of('  '),
          json(),
          syntaxHighlighting(colours),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-describedby': describedBy,
            dir: 'ltr',
          }),
          writable.current.of(EditorState.readOnly.of(latest.current.isReadOnly)),
          linter(
            ({ state: { doc } }) =>
              latest.current.text === doc.toString()
                ? latest.current.problems.map(({ from, to, message }) => ({
                    from: Math.min(from, doc.length),
                    to: Math.min(to, doc.length),
                    severity: 'error' as const,
                    message,
                  }))
                : [],
            { delay: 200 },
          ),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, describedBy]);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    if (problems && view.current) forceLinting(view.current);
  }, [problems]);
  useEffect(() => {
    view.current?.dispatch({
      effects: writable.current.reconfigure([
        EditorState.readOnly.of(isReadOnly),
        EditorView.contentAttributes.of(isReadOnly ? { 'aria-readonly': 'true' } : {}),
      ]),
    });
  }, [isReadOnly]);
  return <div ref={host} />;
}
