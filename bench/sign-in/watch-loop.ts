/**
 * Loaded into a server before its own code: watches how late its event loop is, and says so at SIGUSR2 on a line of its
 * own, in milliseconds, for the time since it was last asked.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on('SIGUSR2', () => {
  // The timer's own five milliseconds are no delay.
  const late = Math.max(0, delay.percentile(99) / 1e6 - 5);
  process.stdout.write(`\nevent loop late by ${late.toFixed(1)} ms at p99\n`);
  delay.reset();
});
