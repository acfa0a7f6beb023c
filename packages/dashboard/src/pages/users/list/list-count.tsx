import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWorkplace } from '../../../api/management.ts';
import { fill } from '../../../texts/texts.ts';
import { countUsers } from '../user-queries.ts';
import { listTexts } from './texts.ts';

/** How many are shown, and of how many: at once where the list could tell, else when somebody asks. */
export function ListCount(props: {
  readonly shown: number;
  readonly total: number | undefined;
  readonly q: string | undefined;
}) {
  const { management } = useWorkplace();
  const [asked, setAsked] = useState<{ readonly q: string | undefined }>();
  const isAsked = asked !== undefined && asked.q === props.q;
  const counted = useQuery({
    queryKey: ['users', 'count', props.q],
    enabled: isAsked && props.total === undefined,
    queryFn: () => countUsers(management, props.q),
  });
  const total = props.total ?? (isAsked ? counted.data : undefined);
  const { shown } = props;
  return (
    <Group gap={4}>
      <Text size="sm" c="dimmed" aria-live="polite">
        {total === undefined
          ? fill(listTexts.shownOfMore, { shown })
          : fill(listTexts.shownOf, { shown, total })}
      </Text>
      {total === undefined && (
        <Button
          size="compact-sm"
          variant="subtle"
          loading={counted.isFetching}
          onClick={() => setAsked({ q: props.q })}
        >
          {listTexts.count}
        </Button>
      )}
    </Group>
  );
}
