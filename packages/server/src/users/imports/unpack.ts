import { createGunzip, type Gunzip } from 'node:zlib';

/** The file's bytes are not what they claim to be. */
export class BrokenFileError extends Error {}

/** A compressed file may grow this much, above a size that does no harm. */
const bomb = { ratio: 200, size: 64 * 1024 * 1024 };
/** Bytes that are unpacked at a time: at the most a thousand times as many come out, and those wait in memory. */
const sliceSize = 16 * 1024;

/**
 * Gzip data unpacked; a place in it is reached by reading up to it. Where the data breaks, everything before comes out
 * first.
 * @param open reads the packed data from its beginning
 * @throws BrokenFileError
 */
export async function* unpack(open: () => AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
  let done = offset;
  const skipDone = async function* (pieces: AsyncIterable<Buffer>) {
    let size = 0;
    for await (const piece of pieces) {
      const skipped = Math.min(Math.max(done - size, 0), piece.length);
      size += piece.length;
      if (skipped === piece.length) continue;
      done = size;
      yield piece.subarray(skipped);
    }
  };
  try {
    yield* skipDone(inflate(open()));
  } catch (error) {
    if (!(error instanceof BrokenSliceError)) throw error;
    // zlib keeps to itself what it made of the slice before it failed: once more, this slice byte by byte.
    yield* skipDone(inflate(open(), error.start));
    throw error;
  }
}

/** The data breaks in the slice that begins behind so many packed bytes. */
class BrokenSliceError extends BrokenFileError {
  readonly start: number;

  constructor(message: string, start: number, options: { cause: unknown }) {
    super(message, options);
    this.start = start;
  }
}

/**
 * @param fineFrom packed bytes behind which slices are single bytes
 * @throws BrokenSliceError, BrokenFileError for a bomb
 */
async function* inflate(
  packed: AsyncIterable<Buffer>,
  fineFrom = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  let waiting: Buffer[] = [];
  let size = 0;
  let packedSize = 0;
  gunzip.on('error', () => undefined); // told to whoever feeds it
  gunzip.on('data', (piece: Buffer) => waiting.push(piece));
  const advance = async function* (slice: Buffer | undefined) {
    const failure = await feed(gunzip, slice);
    const start = packedSize;
    packedSize += slice?.length ?? 0;
    const pieces = waiting;
    waiting = [];
    for (const piece of pieces) {
      size += piece.length;
      if (size > bomb.size && size > packedSize * bomb.ratio)
        throw new BrokenFileError(
          `the gzip file grows more than ${bomb.ratio} times; it is refused after ${size} bytes.`,
        );
      yield piece;
    }
    if (!failure) return;
    if (!('code' in failure) || !/^Z_/.test(String(failure.code))) throw failure;
    const message = `the gzip data is broken after ${size} uncompressed bytes.`;
    throw start < fineFrom && slice
      ? new BrokenSliceError(message, start, { cause: failure })
      : new BrokenFileError(message, { cause: failure });
  };
  try {
    for await (const block of packed) {
      for (let start = 0; start < block.length; ) {
        const step = packedSize < fineFrom ? Math.min(sliceSize, fineFrom - packedSize) : 1;
        yield* advance(block.subarray(start, start + step));
        start += step;
      }
    }
    yield* advance(undefined);
  } finally {
    gunzip.destroy();
  }
}

/** @param slice undefined: the end. @returns why it failed */
function feed(gunzip: Gunzip, slice: Buffer | undefined): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const settle = (failure?: Error | null) => {
      gunzip.off('error', settle);
      gunzip.off('end', settle);
      resolve(failure ?? undefined);
    };
    gunzip.on('error', settle);
    if (slice) gunzip.write(slice, settle);
    else {
      gunzip.on('end', settle);
      gunzip.end();
    }
  });
}
