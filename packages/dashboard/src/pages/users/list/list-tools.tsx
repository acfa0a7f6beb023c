import { Button } from '@mantine/core';
import { type ComponentType, lazy, Suspense, useState } from 'react';
import { useMayAct } from '../../../api/management.ts';
import { ButtonLink } from '../../../ui/button-link.tsx';
import type { Vocabulary } from './completion.ts';
import { listTexts } from './texts.ts';

const loadFilter = async () => ({ default: (await import('./filter-builder.tsx')).FilterBuilder });
const loadSearches = async () => ({ default: (await import('./saved-searches.tsx')).SavedSearches });
const loadColumns = async () => ({ default: (await import('./column-chooser.tsx')).ColumnChooser });
const FilterBuilder = lazy(loadFilter);
const SavedSearches = lazy(loadSearches);
const ColumnChooser = lazy(loadColumns);

/** What may be done with the list itself: narrow it, come back to it, choose its columns, take it away. */
export function ListTools(props: {
  /** The search as it was typed, and as it was sent; nothing was when it is wrong. */
  readonly q: string;
  readonly searched: { readonly q: string | undefined; readonly sort: string } | undefined;
  readonly sort: string;
  readonly fields: readonly string[];
  readonly vocabulary: Vocabulary;
  /** Somebody is about to click a condition together. */
  readonly onFilter: () => void;
  readonly onAddCondition: (condition: string) => void;
  readonly onChooseFields: (fields: readonly string[]) => void;
}) {
  const mayExport = useMayAct();
  return (
    <>
      <Tool label={listTexts.filter} load={loadFilter} onOpen={props.onFilter}>
        <FilterBuilder vocabulary={props.vocabulary} onAdd={props.onAddCondition} />
      </Tool>
      <Tool label={listTexts.savedSearches} load={loadSearches}>
        <SavedSearches q={props.q} sort={props.sort} />
      </Tool>
      <Tool label={listTexts.columns} load={loadColumns}>
        <ColumnChooser fields={props.fields} onChange={props.onChooseFields} />
      </Tool>
      <ButtonLink to="/users/deleted" variant="subtle">
        {listTexts.deletedUsers}
      </ButtonLink>
      {mayExport && props.searched && <ExportLink {...props.searched} fields={props.fields} />}
    </>
  );
}

/** A button whose popover is loaded when somebody is about to use it, so that the list itself is there sooner. */
function Tool(props: {
  readonly label: string;
  readonly load: () => Promise<{ readonly default: ComponentType<never> }>;
  readonly onOpen?: () => void;
  readonly children: React.ReactNode;
}) {
  const [isWanted, setIsWanted] = useState(false);
  const button = (
    <Button
      variant="default"
      onClick={() => {
        setIsWanted(true);
        props.onOpen?.();
      }}
      onPointerEnter={() => void props.load()}
      onFocus={() => void props.load()}
    >
      {props.label}
    </Button>
  );
  return isWanted ? <Suspense fallback={button}>{props.children}</Suspense> : button;
}

/** Exports these rows and these columns, in this order. */
export function ExportLink(props: {
  readonly q: string | undefined;
  readonly sort?: string;
  readonly fields: readonly string[];
  /** Ids of users, in place of a search that would be too long for an address. */
  readonly selected?: readonly string[];
  readonly size?: string;
}) {
  const { q, sort, fields, selected, ...looks } = props;
  const exported = ['user_id', 'name', ...fields.filter((field) => field !== 'user_id')].map((field) =>
    field === 'connection' ? 'identities.connection' : field,
  );
  return (
    <ButtonLink
      to="/jobs/export"
      search={{
        q,
        sort,
        fields: exported.join(','),
        ...(selected ? { selected: String(selected.length) } : {}),
      }}
      {...(selected ? { state: { selectedUsers: selected } } : {})}
      {...looks}
    >
      {listTexts.exportView}
    </ButtonLink>
  );
}
