import { Alert, Button, Group, Text } from '@mantine/core';
import { texts } from '../texts/texts.ts';
import type { Edits } from './use-edits.ts';

/** Save and discard while something is changed, and that it was saved. Stands in a form. */
export function SaveBar(props: {
  readonly edits: Pick<Edits<object>, 'isChanged' | 'isContested' | 'discard'>;
  readonly saving: { readonly isPending: boolean; readonly isSuccess: boolean; readonly reset: () => void };
}) {
  const { edits, saving } = props;
  if (edits.isChanged)
    return (
      <>
        {edits.isContested && !saving.isPending && (
          <Alert color="yellow" role="alert">
            {texts.contested}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={saving.isPending}>
            {texts.save}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              edits.discard();
              saving.reset();
            }}
          >
            {texts.discard}
          </Button>
        </Group>
      </>
    );
  return saving.isSuccess ? (
    <Text size="sm" role="status">
      {texts.saved}
    </Text>
  ) : null;
}
