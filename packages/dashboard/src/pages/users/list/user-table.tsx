import './user-table.css';
import { Group, Skeleton, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { fill, texts } from '../../../texts/texts.ts';
import type { User } from '../user-queries.ts';
import type { Column } from './columns.ts';
import { RowTick } from './row-tick.tsx';
import { listTexts } from './texts.ts';
import { useFollowingHead } from './use-following-head.ts';
import { UserRow } from './user-row.tsx';

/** Height of a row, in pixels, before it has been measured. */
const rowHeight = { wide: 57, narrow: 96 };
/** Pixels above the first row, before they have been measured; where there are more, the last rows of the screen come with that. */
const usualTop = 216;
/** Rows beyond the screen that are there for who scrolls. */
const spareRows = 4;
/** Pixels: what a page has beside its table, and what the first and the other columns need to be read. */
const needed = { page: 252, first: 360, column: 120, count: 140 };

/** Users as rows, of which only those in view are in the page: a list of any length stays quick. */
export const UserTable = memo(function UserTable(props: {
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
  const table = useRef<HTMLTableElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const isNarrow = useMatch('(max-width: 47.99em)');
  const minWidth = needed.first + needed.column * (columns.length - 1);
  const fits = useMatch(`(min-width: ${needed.page + minWidth}px)`) || isNarrow;
  useFollowingHead(table, !fits);
  const [top, setTop] = useState(usualTop);
  useLayoutEffect(() => {
    const rectangle = body.current?.getBoundingClientRect();
    if (rectangle) setTop(rectangle.top + window.scrollY);
  }, []);
  // What nobody sees yet does not hold up what they do.
  const overscan = useDeferredValue(spareRows, 0);
  const virtual = useWindowVirtualizer({
    count: users.length,
    estimateSize: () => (isNarrow ? rowHeight.narrow : rowHeight.wide),
    overscan,
    // Rows are there in the first rendering, which may be interrupted; measured first, they would all come at once behind it.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
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
  const span = (isNarrow ? 1 : columns.length) + 2;
  return (
    <Sideways minWidth={fits ? undefined : minWidth}>
      <table
        ref={table}
        className="user-table"
        data-head={fits ? 'sticky' : 'following'}
        aria-rowcount={users.length + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th className="for-tick">
              <RowTick
                label={listTexts.selectAll}
                isTicked={users.length > 0 && selectedCount === users.length}
                isMixed={selectedCount > 0 && selectedCount < users.length}
                onChange={(isTicked) => props.onSelect(users, isTicked)}
              />
            </th>
            {isNarrow ? (
              <th>
                <Group gap="xs">
                  {columns.map((column) => (
                    <ColumnName key={column.field} column={column} sort={props.sort} onSort={props.onSort} />
                  ))}
                </Group>
              </th>
            ) : (
              columns.map((column, index) => (
                <th
                  key={column.field}
                  {...(index === 0 ? { style: { width: needed.first - 40 } } : {})}
                  {...(column.field === 'logins_count' ? { style: { width: needed.count } } : {})}
                  {...(column.field === 'connection' ? { className: 'for-connection' } : {})}
                  {...(column.isSortable ? { 'aria-sort': directionOf(column, props.sort) } : {})}
                >
                  <ColumnName column={column} sort={props.sort} onSort={props.onSort} />
                </th>
              ))
            )}
            <td className="for-menu" />
          </tr>
        </thead>
        <tbody ref={body}>
          {props.isLoading && <Placeholders span={span} />}
          <Gap height={above} />
          {rows.map(({ index, key }) => {
            const user = users[index];
            return (
              user && (
                <UserRow
                  key={key}
                  index={index}
                  user={user}
                  columns={columns}
                  isNarrow={isNarrow}
                  isSelected={props.isSelected(user.user_id ?? '')}
                  onSelect={props.onSelect}
                  measure={virtual.measureElement}
                />
              )
            );
          })}
          <Gap height={below} />
        </tbody>
      </table>
    </Sideways>
  );
});

const useMatch = (query: string) =>
  useMediaQuery(query, undefined, { getInitialValueInEffect: false }) === true;

/** A table that is too wide is moved sideways. */
function Sideways(props: { readonly minWidth: number | undefined; readonly children: ReactNode }) {
  return props.minWidth === undefined ? (
    <div>{props.children}</div>
  ) : (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: else the keyboard could not move it sideways
    <div style={{ overflowX: 'auto' }} tabIndex={0}>
      <div style={{ minWidth: props.minWidth }}>{props.children}</div>
    </div>
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

function directionOf({ field }: Column, sort: string): 'ascending' | 'descending' | 'none' {
  return sort === `${field}:1` ? 'ascending' : sort === `${field}:-1` ? 'descending' : 'none';
}

function ColumnName(props: {
  readonly column: Column;
  readonly sort: string;
  readonly onSort: (field: string) => void;
}) {
  const { field, label, isSortable } = props.column;
  if (!isSortable) return label;
  const direction = directionOf(props.column, props.sort);
  return (
    <UnstyledButton
      fz="sm"
      fw={600}
      style={{ overflowWrap: 'anywhere' }}
      aria-label={fill(texts.sort, { column: label })}
      onClick={() => props.onSort(field)}
    >
      {label}
      {direction === 'ascending' ? ' ↑' : direction === 'descending' ? ' ↓' : ''}
    </UnstyledButton>
  );
}

function Placeholders({ span }: { readonly span: number }) {
  return Array.from({ length: 8 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the keyboard does not stop at a row
    <tr key={index} aria-hidden="true">
      <td colSpan={span}>
        <Skeleton height={36} />
      </td>
    </tr>
  ));
}
