import { Button, Group, Text } from '@mantine/core';
import { texts } from '../texts/texts.ts';

/** Save and discard while something is changed, and that it was saved. Stands in a form. */
export function SaveBar(props: {
  readonly isChanged: boolean;
  readonly isPending: boolean;
  readonly isSaved: boolean;
  readonly onDiscard: () => void;
}) {
  if (props.isChanged)
    return (
      <Group>
        <Button type="submit" loading={props.isPending}>
          {texts.save}
        </Button>
        <Button variant="default" onClick={props.onDiscard}>
          {texts.discard}
        </Button>
      </Group>
    );
  return props.isSaved ? (
    <Text size="sm" role="status">
      {texts.saved}
    </Text>
  ) : null;
}
