import { Badge, Checkbox, Group, Skeleton, Table, Text, UnstyledButton } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { fill, texts } from '../../../texts/texts.ts';
import { Moment } from '../../../ui/moment.tsx';
import { PersonPicture } from '../../../ui/person-picture.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import type { User } from '../user-queries.ts';
import { type Column, firstField, readPath } from './columns.ts';
import { listTexts } from './texts.ts';

/** Height of a row, in pixels, before it has been measured. */
const rowHeight = 57;

/** Users as rows, of which only those in view are in the page: a list of any length stays quick. */
export function UserTable(props: {
  readonly users: readonly User[];
  readonly columns: readonly Column[];
  readonly sort: string;
  readonly isLoading: boolean;
  readonly isSelected: (id: string) => boolean;
  readonly onSort: (field: string) => void;
  readonly onSelect: (users: readonly User[], isSelected: boolean) => void;
  /** The last rows come into view. */
  readonly onNearEnd: () => void;
}) {
  const { users, columns, onNearEnd } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const rectangle = body.current?.getBoundingClientRect();
    if (rectangle) setTop(rectangle.top + window.scrollY);
  }, []);
  const virtual = useWindowVirtualizer({
    count: users.length,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: top,
  });
  const rows = virtual.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? -1;
  useEffect(() => {
    if (users.length > 0 && lastShown >= users.length - 1) onNearEnd();
  }, [lastShown, users.length, onNearEnd]);
  const above = (rows[0]?.start ?? top) - top;
  const below = rows.length === 0 ? 0 : virtual.getTotalSize() - ((rows.at(-1)?.end ?? top) - top);
  const selectedCount = users.filter((user) => props.isSelected(user.user_id ?? '')).length;
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table highlightOnHover verticalSpacing="xs" aria-rowcount={users.length + 1}>
        <Table.Thead>
          <Table.Tr aria-rowindex={1}>
            <Table.Th w={40}>
              <Checkbox
                aria-label={listTexts.selectAll}
                checked={users.length > 0 && selectedCount === users.length}
                indeterminate={selectedCount > 0 && selectedCount < users.length}
                onChange={(event) => props.onSelect(users, event.currentTarget.checked)}
              />
            </Table.Th>
            {columns.map((column) => (
              <Heading key={column.field} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {props.isLoading && <Placeholders count={columns.length + 1} />}
          <Gap height={above} />
          {rows.map(({ index, key }) => {
            const user = users[index];
            if (!user) return undefined;
            const id = user.user_id ?? '';
            return (
              <Table.Tr
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                aria-rowindex={index + 2}
                {...(props.isSelected(id) ? { bg: 'var(--mantine-primary-color-light)' } : {})}
              >
                <Table.Td>
                  <Checkbox
                    aria-label={fill(listTexts.select, { name: user.name ?? user.email ?? id })}
                    checked={props.isSelected(id)}
                    onChange={(event) => props.onSelect([user], event.currentTarget.checked)}
                  />
                </Table.Td>
                {columns.map(({ field }) => (
                  <Table.Td key={field}>
                    <Cell user={user} field={field} />
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
          <Gap height={below} />
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Stands for rows that are not in view. */
function Gap({ height }: { readonly height: number }) {
  return height > 0 ? (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the keyboard does not stop at a row
    <tr aria-hidden="true">
      <td style={{ height, padding: 0 }} />
    </tr>
  ) : undefined;
}

function Heading(props: {
  readonly column: Column;
  readonly sort: string;
  readonly onSort: (field: string) => void;
}) {
  const { field, label, isSortable } = props.column;
  const direction =
    props.sort === `${field}:1` ? 'ascending' : props.sort === `${field}:-1` ? 'descending' : 'none';
  if (!isSortable) return <Table.Th>{label}</Table.Th>;
  return (
    <Table.Th aria-sort={direction}>
      <UnstyledButton
        fz="sm"
        fw={600}
        aria-label={fill(texts.sort, { column: label })}
        onClick={() => props.onSort(field)}
      >
        {label} {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
      </UnstyledButton>
    </Table.Th>
  );
}

function Placeholders({ count }: { readonly count: number }) {
  return Array.from({ length: 8 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
    <Table.Tr key={index} aria-hidden="true">
      <Table.Td colSpan={count}>
        <Skeleton height={36} />
      </Table.Td>
    </Table.Tr>
  ));
}

function Cell({ user, field }: { readonly user: User; readonly field: string }) {
  if (field === firstField) return <NameCell user={user} />;
  const value = field === 'connection' ? user.identities?.[0]?.connection : readPath(user, field);
  if (field === 'last_login' || field.endsWith('_at'))
    return <Moment at={typeof value === 'string' ? value : undefined} />;
  if (typeof value === 'boolean') return value ? listTexts.yes : listTexts.no;
  if (value === undefined || value === null) return field === 'logins_count' ? 0 : undefined;
  return (
    <Text size="sm" truncate maw={280} title={typeof value === 'string' ? value : JSON.stringify(value)}>
      <bdi>{typeof value === 'string' ? value : JSON.stringify(value)}</bdi>
    </Text>
  );
}

function NameCell({ user }: { readonly user: User }) {
  const id = user.user_id ?? '';
  const name = user.name ?? user.email ?? id;
  return (
    <Group gap="sm" wrap="nowrap">
      <PersonPicture picture={user.picture} name={name} size={32} />
      <div style={{ minWidth: 0 }}>
        <Group gap="xs" wrap="nowrap">
          <RouteLink
            to="/users/$id"
            params={{ id }}
            title={name}
            style={{ maxWidth: 320, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
          >
            <bdi>{name}</bdi>
          </RouteLink>
          {user.blocked === true && (
            <Badge size="xs" color="red">
              {texts.blocked}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" truncate maw={320}>
          <bdi>{user.email ?? user.phone_number ?? id}</bdi>
        </Text>
      </div>
    </Group>
  );
}
