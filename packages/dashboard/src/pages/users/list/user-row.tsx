import { Badge } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, memo, type RefCallback, Suspense, useState } from 'react';
import { fill, texts } from '../../../texts/texts.ts';
import { Moment } from '../../../ui/moment.tsx';
import { PersonPicture } from '../../../ui/person-picture.tsx';
import type { User } from '../user-queries.ts';
import { type Column, firstField, readPath } from './columns.ts';
import { MenuButton } from './menu-button.tsx';
import { RowTick } from './row-tick.tsx';
import { listTexts } from './texts.ts';

const loadMenu = async () => ({ default: (await import('./row-menu.tsx')).RowMenu });
const RowMenu = lazy(loadMenu);

/**
 * A user in the list. On a phone the columns stand below each other, so that nobody has to look for them sideways. Of plain
 * elements: with the library's a screen full of rows took most of the time that the whole list takes to be shown.
 */
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
    <div className="row-details">
      {columns.map(({ field, label }) => (
        <div key={field} className="cut">
          <span className="quiet">{label}</span> <Value user={user} field={field} />
        </div>
      ))}
    </div>
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
    <div className="cut" title={text}>
      <bdi>{text}</bdi>
    </div>
  );
}

function NameCell({ user, name }: { readonly user: User; readonly name: string }) {
  const id = user.user_id ?? '';
  return (
    <div className="row-person">
      <PersonPicture picture={user.picture} name={name} size={32} />
      <div>
        <div className="row-name">
          <Link to="/users/$id" params={{ id }} title={name} className="cut mantine-focus-auto">
            <bdi>{name}</bdi>
          </Link>
          {user.blocked === true && (
            <Badge size="xs" color="red.9" style={{ flexShrink: 0 }}>
              {texts.blocked}
            </Badge>
          )}
        </div>
        <div className="cut quiet">
          <bdi>{user.email ?? user.phone_number ?? id}</bdi>
        </div>
      </div>
    </div>
  );
}
