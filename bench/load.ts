import autocannon from 'autocannon';

export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: Record<string, string>;
  /** Path and body of the next request. */
  readonly next: () => { path: string; body?: string };
}

export interface LoadResult {
  /** Successful answers per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** Keeps `connections` requests under way for `seconds`; any refusal or error fails the benchmark. */
export async function applyLoad(load: Load): Promise<LoadResult> {
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    duration: load.seconds,
    requests: [
      {
        method: load.method,
        setupRequest: (request) => {
          const { path, body } = load.next();
          return { ...request, path, headers: { ...load.headers }, ...(body === undefined ? {} : { body }) };
        },
      },
    ],
  });
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(
      `${load.method} ${load.url}: ${result.errors} errors, ${result.non2xx} answers outside 2xx`,
    );
  }
  return { rate: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no values');
  return sorted.length % 2 === 1 ? middle : (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2;
}
