/** Runs `stop` once at the first of the signals, then exits; a second one does not wait for it. */
export function onStopSignal(signals: readonly ('SIGTERM' | 'SIGINT')[], stop: () => Promise<void>): void {
  let isStopping = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(
            `Muster could not stop cleanly: ${error instanceof Error ? error.message : String(error)}\n`,
          );
          process.exit(1);
        },
      );
    });
  }
}
