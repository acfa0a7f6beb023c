import { Button, Group, Paper, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, useMayAct, useWorkplace } from '../../../api/management.ts';
import { fill } from '../../../texts/texts.ts';
import { countUsers } from '../user-queries.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { fitsAddress, mostSelected, type OfferedAction, type Selection, toQuery } from './bulk-run.ts';
import { ExportLink } from './list-tools.tsx';
import { listTexts } from './texts.ts';

/** How many a selection holds; when all of a search are meant, how many it found at last. */
export const countSelected = (selection: Selection) =>
  selection.kind === 'some' ? selection.users.size : selection.total;

/** What may be done with the users that are selected. */
export function BulkBar(props: {
  readonly selection: Selection;
  readonly q: string | undefined;
  /** Columns of an export. */
  readonly fields: readonly string[];
  /** Everything that is shown is ticked, and there is more. */
  readonly mayTakeAll: boolean;
  readonly onSelect: (selection: Selection) => void;
}) {
  const { management } = useWorkplace();
  const [action, setAction] = useState<OfferedAction>();
  const mayChange = useMay('update:users');
  const mayDelete = useMay('delete:users');
  const mayReadRoles = useMay('read:roles');
  const mayExport = useMayAct();
  const { selection } = props;
  const total = useQuery({
    queryKey: ['users', 'count', props.q],
    enabled: props.mayTakeAll,
    queryFn: () => countUsers(management, props.q),
  });
  const selectNobody = () => props.onSelect({ kind: 'some', users: new Map() });
  const buttons: readonly (readonly [OfferedAction, string, boolean])[] = [
    ['block', listTexts.blockThem, mayChange],
    ['unblock', listTexts.unblockThem, mayChange],
    ['send_verification_email', listTexts.verifyThem, mayChange],
    ['assign_roles', listTexts.assignThem, mayChange && mayReadRoles],
    ['remove_roles', listTexts.takeThem, mayChange && mayReadRoles],
    ['delete', listTexts.deleteThem, mayDelete],
  ];
  return (
    <Paper withBorder p="xs" role="region" aria-label={listTexts.selected.replace('{count}', '')}>
      <Group gap="xs">
        <Text size="sm" fw={600} aria-live="polite">
          {fill(selection.kind === 'some' ? listTexts.selected : listTexts.everyone, {
            count: countSelected(selection),
          })}
        </Text>
        {selection.kind === 'some' && props.mayTakeAll && total.data !== undefined && (
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => props.onSelect({ kind: 'matching', q: props.q, total: total.data })}
          >
            {fill(listTexts.everyMatch, { count: total.data })}
          </Button>
        )}
        {buttons.map(
          ([name, label, isAllowed]) =>
            isAllowed && (
              <Button
                key={name}
                size="compact-sm"
                variant={name === 'delete' ? 'light' : 'default'}
                {...(name === 'delete' ? { color: 'red' } : {})}
                onClick={() => setAction(name)}
              >
                {label}
              </Button>
            ),
        )}
        {mayExport && <SelectionExport selection={selection} fields={props.fields} />}
        <Button size="compact-sm" variant="subtle" onClick={selectNobody}>
          {listTexts.clearSelection}
        </Button>
      </Group>
      {action && (
        <BulkDialog
          action={action}
          selection={selection}
          onClose={(isOver) => {
            setAction(undefined);
            if (isOver) selectNobody();
          }}
        />
      )}
    </Paper>
  );
}

/** Exports the selection: of few users by an address that can be shared, of many by what the browser keeps with the page. */
function SelectionExport(props: { readonly selection: Selection; readonly fields: readonly string[] }) {
  const { selection, fields } = props;
  const look = { fields, size: 'compact-sm' };
  if (selection.kind === 'matching') return <ExportLink q={selection.q} {...look} />;
  const ids = [...selection.users.keys()];
  if (fitsAddress(ids.length)) return <ExportLink q={toQuery(ids)} {...look} />;
  if (ids.length <= mostSelected) return <ExportLink q={undefined} selected={ids} {...look} />;
  return (
    <Text size="sm" c="dimmed">
      {fill(listTexts.exportAtMost, { count: mostSelected })}
    </Text>
  );
}
