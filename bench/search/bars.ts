/** Holds figures against what was promised, and remembers which were missed. */
export interface Bars {
  /** @returns a mark for the line: nothing when met */
  hold(name: string, value: number, limit: number): string;
  summarize(): string[];
}

export function createBars(): Bars {
  let met = 0;
  const missed: string[] = [];
  return {
    hold: (name, value, limit) => {
      if (value <= limit) {
        met++;
        return '';
      }
      missed.push(`${name}: ${value.toFixed(1)} instead of ${limit}`);
      return ` MISSED ${limit}`;
    },
    summarize: () => [
      `${met} bars met, ${missed.length} missed`,
      ...missed.map((line) => `  missed: ${line}`),
    ],
  };
}
