import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { Copy } from '../../../ui/copy.tsx';
import { createTexts } from '../create-texts.ts';

/** A password that was made for somebody, to be handed over: nobody sees it again. */
export function NewPassword({
  password,
  onOpen,
}: {
  readonly password: string;
  readonly onOpen: () => void;
}) {
  return (
    <Stack>
      <Text size="sm" role="status">
        {createTexts.made}
      </Text>
      <Code block dir="ltr">
        {password}
      </Code>
      <Group justify="space-between">
        <Copy value={password} />
        {/* The form that had the focus is gone. */}
        <Button onClick={onOpen} ref={(button) => button?.focus()}>
          {createTexts.openUser}
        </Button>
      </Group>
    </Stack>
  );
}
