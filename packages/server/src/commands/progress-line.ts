/** A line on the terminal that is written over, or a line now and then where the output is a file. */
export interface ProgressLine {
  show(progress: Progress): void;
  end(): void;
}

export interface Progress {
  readonly done: number;
  readonly total: number | undefined;
  readonly text: string;
  /** Seconds that are left, by who knows better than the rate here; `null`: nobody knows. */
  readonly left?: number | null;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 24;
/** Milliseconds between two lines where they cannot be written over. */
const plainInterval = 10_000;

/** @param name what is going on, such as `Uploading` */
export function startProgress(name: string, output: Terminal = process.stderr): ProgressLine {
  const startedAt = performance.now();
  let first: number | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show: ({ done, total, text, left }) => {
      first ??= done;
      const now = performance.now();
      if (!output.isTTY && now - shownAt < plainInterval) return;
      shownAt = now;
      const share = total ? Math.min(1, done / total) : 0;
      const seconds = (now - startedAt) / 1000;
      const rate = (done - first) / seconds;
      const expected = left === undefined && total && rate > 0 ? (total - done) / rate : left;
      const ending = typeof expected === 'number' ? `, ${formatSeconds(expected)} left` : '';
      const line = `${name} ${formatBar(share)} ${Math.floor(share * 100)}%  ${text}${ending}`;
      output.write(output.isTTY ? `\r\x1b[2K${line.slice(0, output.columns)}` : `${line}\n`);
    },
    end: () => {
      if (output.isTTY) output.write('\r\x1b[2K');
    },
  };
}

function formatBar(share: number): string {
  const full = Math.round(share * barWidth);
  return `[${'█'.repeat(full)}${'░'.repeat(barWidth - full)}]`;
}

/** `42 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
