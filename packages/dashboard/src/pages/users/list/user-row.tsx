import { Badge, Group, Text } from '@mantine/core';
import { lazy, memo, type RefCallback, Suspense, useState } from 'react';
import { fill, texts } from '../../../texts/texts.ts';
import { Moment } from '../../../ui/moment.tsx';
import { PersonPicture } from '../../../ui/person-picture.tsx';
import { RouteLink } from '../../../ui/route-link.tsx';
import type { User } from '../user-queries.ts';
import { type Column, firstField, readPath } from './columns.ts';
import { MenuButton } from './menu-button.tsx';
import { RowTick } from './row-tick.tsx';
import { listTexts } from './texts.ts';

const loadMenu = async () => ({ default: (await import('./row-menu.tsx')).RowMenu });
const RowMenu = lazy(loadMenu);

/** A user in the list. On a phone the columns stand below each other, so that nobody has to look for them sideways. */
export const UserRow = memo(function UserRow(props: {
  readonly index: number;
  readonly user: User;
  readonly columns: readonly Column[];
  readonly isNarrow: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (users: readonly User[], isSelected: boolean) => void;
  readonly measure: RefCallback<HTMLTableRowElement>;
}) {
  const { user, index } = props;
  const name = user.name ?? user.email ?? user.user_id ?? '';
  const others = props.columns.filter(({ field }) => field !== firstField);
  const [isMenuWanted, setIsMenuWanted] = useState(false);
  const button = (
    <MenuButton
      label={fill(listTexts.actionsOf, { name })}
      onClick={() => setIsMenuWanted(true)}
      onPointerEnter={() => void loadMenu()}
    />
  );
  return (
    <tr
      ref={props.measure}
      data-index={index}
      aria-rowindex={index + 2}
      {...(props.isSelected ? { 'data-selected': true } : {})}
    >
      <td className="for-tick">
        <RowTick
          label={fill(listTexts.select, { name })}
          isTicked={props.isSelected}
          onChange={(isTicked) => props.onSelect([user], isTicked)}
        />
      </td>
      <td>
        <NameCell user={user} name={name} />
        {props.isNarrow && <Details user={user} columns={others} />}
      </td>
      {!props.isNarrow &&
        others.map(({ field }) => (
          <td key={field}>
            <Value user={user} field={field} />
          </td>
        ))}
      <td className="for-menu">
        {isMenuWanted ? (
          <Suspense fallback={button}>
            <RowMenu user={user} name={name} />
          </Suspense>
        ) : (
          button
        )}
      </td>
    </tr>
  );
});

function Details({ user, columns }: { readonly user: User; readonly columns: readonly Column[] }) {
  return (
    <Group gap="0 12px" mt={4} pl={44}>
      {columns.map(({ field, label }) => (
        <Group key={field} gap={4} wrap="nowrap" maw="100%">
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {label}
          </Text>
          <Text size="xs" component="div" truncate>
            <Value user={user} field={field} />
          </Text>
        </Group>
      ))}
    </Group>
  );
}

function Value({ user, field }: { readonly user: User; readonly field: string }) {
  const value = field === 'connection' ? user.identities?.[0]?.connection : readPath(user, field);
  if (field === 'last_login' || field.endsWith('_at'))
    return <Moment at={typeof value === 'string' ? value : undefined} />;
  if (typeof value === 'boolean') return value ? listTexts.yes : listTexts.no;
  if (value === undefined || value === null) return field === 'logins_count' ? 0 : undefined;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <Text fz="inherit" truncate title={text}>
      <bdi>{text}</bdi>
    </Text>
  );
}

function NameCell({ user, name }: { readonly user: User; readonly name: string }) {
  const id = user.user_id ?? '';
  return (
    <Group gap="sm" wrap="nowrap">
      <PersonPicture picture={user.picture} name={name} size={32} />
      <div style={{ minWidth: 0 }}>
        <Group gap="xs" wrap="nowrap">
          <RouteLink
            to="/users/$id"
            params={{ id }}
            title={name}
            style={{
              fontSize: 'inherit',
              overflow: 'hidden',
              textOverflow: 'ellipsis',
              whiteSpace: 'nowrap',
            }}
          >
            <bdi>{name}</bdi>
          </RouteLink>
          {user.blocked === true && (
            <Badge size="xs" color="red.9" style={{ flexShrink: 0 }}>
              {texts.blocked}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" truncate>
          <bdi>{user.email ?? user.phone_number ?? id}</bdi>
        </Text>
      </div>
    </Group>
  );
}
