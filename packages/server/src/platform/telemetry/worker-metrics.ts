import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** Asked by a worker of its primary, and answered with the metrics of all workers together. */
interface MetricsRequest {
  readonly type: 'muster:metrics-request';
  readonly id: number;
}
interface MetricsAnswer {
  readonly type: 'muster:metrics-answer';
  readonly id: number;
  /** Absent when the workers did not answer in time. */
  readonly text?: string;
}

/** Milliseconds that a worker waits for its primary; prom-client itself gives the other workers five seconds. */
const primaryPatience = 6000;

/**
 * In the primary of a cluster, once, before workers are asked: answers `/metrics` of any worker with the sums of
 * all, as a scrape reaches one worker by chance.
 */
export function answerMetricsRequests(): void {
  const aggregator = new AggregatorRegistry();
  cluster.on('message', (worker: Worker, message: unknown) => {
    if (!isMessage<MetricsRequest>(message, 'muster:metrics-request')) return;
    const answer = (text?: string) => {
      const reply: MetricsAnswer = {
        type: 'muster:metrics-answer',
        id: message.id,
        ...(text === undefined ? {} : { text }),
      };
      if (worker.isConnected()) worker.send(reply);
    };
    aggregator.clusterMetrics().then(answer, () => answer());
  });
}

/**
 * Makes the text of `/metrics`: in a worker the sums of all workers, or its own figures where the primary does
 * not answer; elsewhere this process' own.
 */
export function createMetricsReader(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics();
  AggregatorRegistry.setRegistries([registry]);
  // The constructor makes this worker answer its primary's questions.
  new AggregatorRegistry();
  let lastId = 0;
  const waiting = new Map<number, (text: string | undefined) => void>();
  process.on('message', (message: unknown) => {
    if (isMessage<MetricsAnswer>(message, 'muster:metrics-answer')) waiting.get(message.id)?.(message.text);
  });
  return async () => {
    lastId += 1;
    const request: MetricsRequest = { type: 'muster:metrics-request', id: lastId };
    const text = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(resolve, primaryPatience, undefined);
      waiting.set(request.id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      process.send?.(request);
    });
    waiting.delete(request.id);
    return text ?? registry.metrics();
  };
}

function isMessage<Message extends { readonly type: string }>(
  message: unknown,
  type: Message['type'],
): message is Message {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === type;
}
