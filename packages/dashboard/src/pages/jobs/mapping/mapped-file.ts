import type { UploadSource } from '../../../api/upload.ts';
import { openText } from '../open-text.ts';
import { createRowMapper, type FileForm } from './map-rows.ts';
import type { Mapping } from './targets.ts';

/**
 * A file with its columns renamed, never in memory as a whole: it is read twice, first to know how long it becomes, then piece by
 * piece as it is sent. What was packed is sent unpacked.
 */
export async function openMappedFile(
  file: Blob,
  form: FileForm,
  mapping: Mapping,
  signal: AbortSignal,
): Promise<UploadSource> {
  let size = 0;
  for await (const piece of readMapped(file, form, mapping)) {
    signal.throwIfAborted();
    size += piece.length;
  }
  const pieces = readMapped(file, form, mapping);
  let kept: Uint8Array<ArrayBuffer>[] = [];
  /** Place of the first kept byte, and of the one behind the last. */
  let [begin, end] = [0, 0];
  return {
    size,
    // Places only grow: what lies before the one that is asked for has arrived and is let go.
    read: async (from, to) => {
      while (end < to) {
        const { done, value } = await pieces.next();
        if (done) break;
        kept.push(value);
        end += value.length;
      }
      let first = kept[0];
      while (first && begin + first.length <= from) {
        begin += first.length;
        kept = kept.slice(1);
        first = kept[0];
      }
      return new Blob(kept).slice(from - begin, to - begin);
    },
  };
}

async function* readMapped(
  file: Blob,
  form: FileForm,
  mapping: Mapping,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const mapper = createRowMapper(form, mapping);
  const encoder = new TextEncoder();
  for await (const piece of openText(file, { isStrict: true })) {
    const bytes = encoder.encode(mapper.push(piece));
    if (bytes.length > 0) yield bytes;
  }
  const last = encoder.encode(mapper.end());
  if (last.length > 0) yield last;
}
