import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import './list-table.css';

/**
 * Rows of a list. On a phone each row stands as lines of its own, so that nothing is out of sight at the side; a cell that
 * says nothing without its column's head has it as `data-label`.
 */
export function ListTable(props: {
  /** Pixels that the columns need beside each other; below that the table scrolls. */
  readonly minWidth: number;
  readonly children: ReactNode;
}) {
  return (
    <Table.ScrollContainer
      className="list-table"
      minWidth={props.minWidth}
      w="100%"
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
    >
      <Table verticalSpacing="xs" highlightOnHover>
        {props.children}
      </Table>
    </Table.ScrollContainer>
  );
}
