import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { checkRows, readFirstRows } from './first-rows.ts';
import { findMappingProblem, isTaken, type Mapping, toMapping } from './mapping/targets.ts';

/** Identifiers one of which every user of CSV has; without one the server takes no file for CSV. */
const identifiers = ['email', 'username', 'phone_number'];

/** The beginning of a file, what its columns become, and what is then wrong. @param chosen columns that the person decided on */
export function usePickedFile(file: File | undefined, chosen: Mapping) {
  const { data, error } = useQuery({
    queryKey: ['first-rows', file?.name, file?.size, file?.lastModified],
    enabled: file !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => readFirstRows(file ?? new Blob()),
  });
  const read = useMemo(() => {
    if (!data) return undefined;
    const { form, columns } = data;
    const names = [...columns.keys()];
    const mapping = toMapping(names, form.kind, chosen);
    const targets = [...mapping.values()];
    const lacksIdentifier = form.kind === 'csv' && !targets.some((target) => identifiers.includes(target));
    return {
      ...data,
      mapping,
      rows: checkRows(data, mapping),
      /** Names that an import does not know: somebody has to say what they are. */
      hasUnknown: names.some((name) => !isTaken(name, form.kind)),
      /** The file is sent otherwise than it is. */
      isMapped:
        (form.kind === 'csv' && form.delimiter !== ',') || names.some((name) => mapping.get(name) !== name),
      lacksIdentifier,
      isWrong:
        lacksIdentifier || names.some((name) => findMappingProblem(mapping, name, form.kind) !== undefined),
    };
  }, [data, chosen]);
  return { read, error };
}
