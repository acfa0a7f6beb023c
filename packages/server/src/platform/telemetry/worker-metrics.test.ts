import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('/metrics of one HTTP process tells the sums of all of them', async () => {
  const script = new URL('../../../test/fixtures/metrics-cluster.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 25_000 });
  expect(stdout).toContain(
    'http_request_duration_seconds_count{method="GET",route="/healthz",status="2xx"} 10',
  );
});
