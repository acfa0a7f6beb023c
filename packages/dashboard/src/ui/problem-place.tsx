import { Code, Text, UnstyledButton } from '@mantine/core';
import type { QueryProblem } from '../api/query-refusal.ts';
import { texts } from '../texts/texts.ts';

/** The query once more, the wrong characters underlined, and what would be right there. */
export function ProblemPlace(props: {
  readonly text: string;
  readonly problem: QueryProblem;
  readonly onWrite: (text: string) => void;
}) {
  const { text, problem } = props;
  const from = Math.min(problem.start, text.length);
  const to = Math.max(from, Math.min(problem.end, text.length));
  const { suggestion } = problem;
  return (
    <Code block mt={4} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {text.slice(0, from)}
      <mark
        title={texts.here}
        style={{
          background: 'none',
          color: 'inherit',
          textDecoration: 'underline wavy var(--mantine-color-red-6)',
          textUnderlineOffset: 4,
        }}
      >
        {text.slice(from, to) || '␣'}
      </mark>
      {text.slice(to)}
      {suggestion !== undefined && (
        <Text span size="xs" ff="text" ms="md">
          {texts.write}{' '}
          <UnstyledButton
            component="button"
            type="button"
            fz="xs"
            c="var(--mantine-color-anchor)"
            td="underline"
            onClick={() => props.onWrite(text.slice(0, from) + suggestion + text.slice(to))}
          >
            {suggestion}
          </UnstyledButton>
        </Text>
      )}
    </Code>
  );
}
