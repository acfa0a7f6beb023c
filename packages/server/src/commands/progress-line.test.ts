import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatSeconds, startProgress } from './progress-line.ts';
import { describeProgress } from './watch-job.ts';

function listen(settings: { isTTY: boolean; columns?: number }) {
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), settings);
  const lines: string[] = [];
  output.on('data', (text: string) => lines.push(text));
  return { output, lines };
}

describe('the progress line', () => {
  it('is written over on a terminal, cut to its width, and wiped at the end', () => {
    const { output, lines } = listen({ isTTY: true, columns: 40 });
    const progress = startProgress('Importing', output);
    progress.show({ done: 25, total: 100, text: '2500 rows', left: 90 });
    progress.end();
    const [line = '', end] = lines;
    const wiped = '\r\u001b[2K';
    expect(line).toBe(`${wiped}Importing [${'█'.repeat(6)}${'░'.repeat(18)}] 25%`);
    expect(line.length).toBe(wiped.length + 40);
    expect(end).toBe(wiped);
  });

  it('is a line now and then in a file, with the time that the server says', () => {
    const { output, lines } = listen({ isTTY: false });
    const progress = startProgress('Importing', output);
    progress.show({ done: 25, total: 100, text: '2500 rows', left: 90 });
    progress.show({ done: 26, total: 100, text: '2600 rows', left: 80 });
    progress.end();
    expect(lines).toEqual([
      `Importing [${'█'.repeat(6)}${'░'.repeat(18)}] 25%  2500 rows, 1 min 30 s left\n`,
    ]);
  });

  it('tells no time where nobody knows it', () => {
    const { output, lines } = listen({ isTTY: false });
    startProgress('Importing', output).show({ done: 90, total: 100, text: 'building indexes', left: null });
    expect(lines.join('')).not.toContain('left');
  });

  it('writes times and sizes for people', () => {
    expect([0.2, 59, 61, 3_725].map(formatSeconds)).toEqual(['1 s', '59 s', '1 min 1 s', '1 h 2 min']);
    expect([10, 999_001, 2_500_000].map(formatBytes)).toEqual(['1 kB', '1000 kB', '2.5 MB']);
  });
});

describe('the progress of a job', () => {
  const running = {
    status: 'processing',
    percentage_done: 42,
    time_left_seconds: 17,
    summary: { total: 900 },
  };
  it.each([
    [running, { done: 42, total: 100, text: '900 rows, 300/s', left: 17 }],
    [{ status: 'pending' }, { done: 0, total: 100, text: 'pending, 300/s', left: null }],
    [
      { ...running, percentage_done: 90, time_left_seconds: undefined, phase: 'building_indexes' },
      { done: 90, total: 100, text: '900 rows, building indexes', left: null },
    ],
  ])('of %j is %j', (job, progress) => {
    expect(describeProgress(job, 300)).toEqual(progress);
  });
});
