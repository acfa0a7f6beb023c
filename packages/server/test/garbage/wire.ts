import { type IncomingHttpHeaders, request as openRequest } from 'node:http';

export interface Wire {
  readonly method: string;
  /** As it goes over the wire; characters are bytes. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Stands for the test's token, which would drown every message. */
export const tokenMark = '{token}';

/** Where requests go, and what stands for the token in them. */
export interface Receiver {
  readonly port: number;
  readonly token: string;
}

export function send({ port, token }: Receiver, wire: Wire): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { ...wire.headers };
    if (headers['authorization'])
      headers['authorization'] = headers['authorization'].replace(tokenMark, token);
    // Node's client would send the body of a DELETE without its length: a second, broken request.
    if (wire.payload && !headers['transfer-encoding'])
      headers['content-length'] = String(wire.payload.length);
    const request = openRequest({
      host: '127.0.0.1',
      port,
      method: wire.method,
      path: wire.target,
      headers,
      timeout: 20_000,
    });
    let answered = false;
    request.on('timeout', () => request.destroy(new Error(`no answer to ${describeWire(wire)}`)));
    request.on('error', (error) => {
      // A server that refuses a large body early closes the connection while we still write.
      if (!answered) reject(new Error(`${error.message} after ${describeWire(wire)}`, { cause: error }));
    });
    request.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.end(wire.payload);
  });
}

export function describeWire(wire: Wire): string {
  return `${wire.method} ${wire.target.slice(0, 600)} ${JSON.stringify(wire.headers).slice(0, 400)} ${wire.payload?.toString('latin1').slice(0, 1000) ?? 'without a body'}`;
}

export function jsonRequest(method: string, target: string, body: unknown): Wire {
  return {
    method,
    target,
    headers: { authorization: `Bearer ${tokenMark}`, 'content-type': 'application/json' },
    payload: Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)),
  };
}

/** UTF-8 with one character a byte, without those that an HTTP client refuses to send. */
export function toBytes(target: string): string {
  return Buffer.from(target.toWellFormed(), 'utf8')
    .toString('latin1')
    .replaceAll(/[^\x21-\xff]/g, '%20');
}
