import { expect } from 'vitest';
import { type Answer, describeWire, type Wire } from './wire.ts';

/** A refusal in the documented form, or a success. */
export function assertDecent(wire: Wire, answer: Answer): void {
  const asked = `${describeWire(wire)}\nanswered ${answer.status} ${answer.text.slice(0, 1000)}`;
  expect(answer.status, asked).toBeLessThan(500);
  expect(answer.status, asked).toBeGreaterThanOrEqual(200);
  if (wire.method === 'HEAD') return;
  if (/json/.test(String(answer.headers['content-type'])) && answer.text !== '')
    expect(() => JSON.parse(answer.text), asked).not.toThrow();
  if (answer.status < 400 || !wire.target.startsWith('/api/v2/')) return;
  assertEnvelope(answer, asked);
  const { errorCode, message } = JSON.parse(answer.text);
  // Rules beyond the schema, of unknown clients or scopes for one, say it in words of their own.
  if (errorCode === 'invalid_body' && /^Payload validation error/.test(message))
    expect(message, asked).toMatch(bodyRefusals);
}

/** A refused body says where; only what is wrong with the body as a whole has no property. */
const bodyRefusals = new RegExp(
  [
    / on property /,
    /Missing required property: /,
    /Invalid multipart payload format/,
    /Additional properties not allowed: /,
    /Reserved property names are not allowed: /,
    /Too few properties defined \(0\)/,
    /Invalid JSON: /,
    /not valid UTF-8/,
    /Expected type (object|array) but found type \w+'\.$/,
    /^Payload validation error: '(Array is too (short|long)|Array items)/,
    /nested deeper/,
    /Property name (contains|is not)/,
    // The body is one number or one text.
    /'(Number is out of range|String contains a NUL character|String is not well-formed Unicode)'\.$/,
    /the limit is /,
  ]
    .map(({ source }) => source)
    .join('|'),
);

export function assertEnvelope(answer: Answer, asked = answer.text): void {
  expect(String(answer.headers['content-type']), asked).toContain('application/json');
  const body: unknown = JSON.parse(answer.text);
  expect(body, asked).toMatchObject({
    statusCode: answer.status,
    error: expect.any(String),
    message: expect.stringMatching(/./s),
  });
}
