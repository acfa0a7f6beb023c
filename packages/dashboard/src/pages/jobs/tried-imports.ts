import type { Mapping } from './mapping/targets.ts';

/** What an import is made of, as it was chosen. */
export interface ImportChoice {
  readonly connection: string | null;
  readonly file: File | undefined;
  /** What columns of the file become, where somebody decided it. */
  readonly columns: Mapping;
  readonly isUpsert: boolean;
  readonly isMerge: boolean;
  readonly isReported: boolean;
  readonly externalId: string;
}

/** By the id of the job that tried them; gone when the page is loaded anew, for nothing else can hold a file. */
const choices = new Map<string, ImportChoice>();

/** Keeps what was tried, so that the file need not be chosen again to import it. */
export function keepTriedImport(job: string, choice: ImportChoice): void {
  choices.set(job, choice);
}

/** What the job tried, if it was this page that asked for it. */
export function findTriedImport(job: string): ImportChoice | undefined {
  return choices.get(job);
}
