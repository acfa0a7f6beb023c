import { Code, Group, Stack, Text } from '@mantine/core';
import { Copy } from './copy.tsx';

/** Something to be pasted elsewhere, with what it is for. */
export function Snippet({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <Copy value={text} />
      </Group>
      <Code block tabIndex={0} dir="ltr">
        {text}
      </Code>
    </Stack>
  );
}
