import { Agent, request } from 'node:http';

export interface Ask {
  readonly path: string;
  /** Sent by POST when present. */
  readonly body?: string;
  readonly method?: 'GET' | 'POST' | 'PATCH';
}

export interface Answer {
  readonly status: number;
  /** Decoded and parsed when it is asked for: a client's own work is none of the server's time. */
  readonly body: unknown;
}

/** Milliseconds. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly count: number;
}

/** A client of one server that keeps its connections. */
export interface Client {
  ask(ask: Ask): Promise<Answer>;
  close(): void;
}

export function openClient(port: number, token: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    close: () => agent.destroy(),
    ask: ({ path, body, method }) =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            host: '127.0.0.1',
            port,
            path,
            agent,
            method: method ?? (body === undefined ? 'GET' : 'POST'),
            headers: {
              authorization: `Bearer ${token}`,
              ...(body === undefined
                ? {}
                : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            },
          },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.on('end', () => {
              const readText = () => Buffer.concat(chunks).toString('utf8');
              const status = answer.statusCode ?? 0;
              if (status < 200 || status > 299)
                reject(new Error(`${path.slice(0, 300)}: ${status} ${readText()}`));
              else
                resolve({
                  status,
                  get body() {
                    const text = readText();
                    return text === '' ? undefined : JSON.parse(text);
                  },
                });
            });
          },
        );
        sent.on('error', reject);
        sent.end(body);
      }),
  };
}

/**
 * Runs work `count` times, `concurrency` at a time, after one round to warm up; stops early after `seconds`.
 * @param work is given the number of its run
 */
export async function measure(
  work: (run: number) => Promise<unknown>,
  options: { readonly count: number; readonly concurrency?: number; readonly seconds?: number },
): Promise<Latencies> {
  const concurrency = options.concurrency ?? 1;
  for (let run = 0; run < concurrency; run++) await work(run);
  const times: number[] = [];
  const until = performance.now() + (options.seconds ?? 10) * 1000;
  let next = 0;
  const worker = async () => {
    for (
      let run = next++;
      run < options.count && (times.length < 5 || performance.now() < until);
      run = next++
    ) {
      const startedAt = performance.now();
      await work(run);
      times.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return summarize(times);
}

export function summarize(times: readonly number[]): Latencies {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), max: at(1), count: sorted.length };
}

export function show({ p50, p95, max }: Latencies): string {
  return [p50, p95, max].map((value) => value.toFixed(1).padStart(7)).join(' ');
}
