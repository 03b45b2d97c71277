import { writeConfiguration } from "./fluent-bit/configuration.js";
import type { FluentBit } from "../tests/support/fluent-bit.js";
import { runFluentBit, type Run } from "./fluent-bit/process.js";
import { BASE, type NamedPipeline } from "./pipelines.js";
import { median } from "./statistics.js";

/** What a pipeline takes for a record above the tail input alone. */
export interface Cost {
  pipeline: string;
  /** CPU time for a record: the median over the rounds, and the least. */
  microseconds: number;
  leastMicroseconds: number;
  /** The most memory that the process held in any round. */
  peakMebibytes: number | undefined;
}

/**
 * Runs the pipelines over a log file of `records` lines in turn, `rounds` times: A B C … A B C …, so that what else
 * the machine does meets all alike.
 * @returns the costs in the order of the pipelines, the base line's first, as it stands.
 */
export async function measure(
  fluentBit: FluentBit,
  pipelines: readonly NamedPipeline[],
  { input, records, rounds, directory }: { input: string; records: number; rounds: number; directory: string },
  progress: (text: string) => void = () => undefined,
): Promise<Cost[]> {
  const all = [BASE, ...pipelines];
  const configurations = all.map(({ name, filters }) =>
    writeConfiguration(directory, `measure-${name}`, { files: [input], filters }),
  );
  const runs: Run[][] = all.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, configuration] of configurations.entries()) {
      progress(`round ${round + 1} of ${rounds}: ${all[index]!.name}`);
      runs[index]!.push(await runFluentBit(fluentBit, configuration));
    }
  }
  const perRecord = (seconds: number) => (seconds * 1e6) / records;
  const cpu = runs.map((of) => of.map(({ cpuSeconds }) => perRecord(cpuSeconds)));
  return all.map(({ name }, index) => ({
    pipeline: name,
    microseconds: median(cpu[index]!) - (index ? median(cpu[0]!) : 0),
    leastMicroseconds: Math.min(...cpu[index]!) - (index ? Math.min(...cpu[0]!) : 0),
    peakMebibytes: highest(runs[index]!.map(({ peakBytes }) => peakBytes)),
  }));
}

function highest(bytes: (number | undefined)[]): number | undefined {
  const known = bytes.filter((value) => value !== undefined);
  return known.length ? Math.max(...known) / (1 << 20) : undefined;
}
