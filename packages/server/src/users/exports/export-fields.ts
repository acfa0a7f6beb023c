import type { ExportParameters } from './export-job.ts';
import { type FieldPath, parseFieldPath } from './field-path.ts';

/** One value of an exported user. */
export interface ExportColumn {
  readonly path: FieldPath;
  /** Name of the column or property; absent: the path itself, nested in JSON. */
  readonly exportAs: string | undefined;
  /** Name as it was asked for. */
  readonly name: string;
}

/** What an export without `fields` has (spec users-and-search §9.7), where users have it. */
const defaultFields = [
  'user_id',
  'given_name',
  'family_name',
  'nickname',
  'name',
  'email',
  'email_verified',
  'picture',
  'identities[0].connection',
  'created_at',
  'updated_at',
  'phone_number',
  'phone_verified',
  'username',
];

/** What `include_password_hashes` adds: an import takes these as they are. */
export const credentialFields = ['password_hash', 'custom_password_hash', 'mfa_factors'] as const;

/** Whether a column shows who has which role. */
export function showsRoles(columns: readonly ExportColumn[]): boolean {
  return columns.some(({ path: [root] }) => root === 'roles');
}

/** @returns the columns, or the first name that is no path */
export function readExportColumns(
  parameters: Pick<ExportParameters, 'fields' | 'includesCredentials'>,
): { readonly isValid: true; readonly columns: ExportColumn[] } | { isValid: false; name: string } {
  const named: readonly { name: string; export_as?: string }[] =
    parameters.fields ?? defaultFields.map((name) => ({ name }));
  const added = parameters.includesCredentials
    ? credentialFields.filter((name) => !named.some((field) => field.name === name)).map((name) => ({ name }))
    : [];
  const columns: ExportColumn[] = [];
  for (const field of [...named, ...added] as typeof named) {
    const path = parseFieldPath(field.name);
    if (!path) return { isValid: false, name: field.name };
    columns.push({ path, name: field.name, exportAs: field.export_as });
  }
  return { isValid: true, columns };
}
