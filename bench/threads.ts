import { writeConfiguration } from "./fluent-bit/configuration.js";
import type { FluentBit } from "../tests/support/fluent-bit.js";
import { runFluentBit } from "./fluent-bit/process.js";
import type { NamedPipeline } from "./pipelines.js";
import { median } from "./statistics.js";

/** How many records a second a pipeline takes as the processors of its inputs. */
export interface Throughput {
  pipeline: string;
  inputs: number;
  /** Whether each input has a thread of its own. */
  threaded: boolean;
  recordsPerSecond: number;
}

/**
 * Measures the filters as `processors` of one and of several tail inputs, each of which reads the log file of `records`
 * lines, in the engine's thread and in threads of their own.
 * @throws Error where the system has no /proc, which tells when the work is done.
 */
export async function measureThreads(
  fluentBit: FluentBit,
  pipelines: readonly NamedPipeline[],
  { input, records, rounds, directory }: { input: string; records: number; rounds: number; directory: string },
  progress: (text: string) => void = () => undefined,
): Promise<Throughput[]> {
  const cases = pipelines.flatMap((pipeline) =>
    [1, 2].flatMap((inputs) => [false, true].map((threaded) => ({ pipeline, inputs, threaded }))),
  );
  const seconds: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { pipeline, inputs, threaded }] of cases.entries()) {
      progress(`round ${round + 1} of ${rounds}: ${pipeline.name}, ${inputs} inputs${threaded ? ", threaded" : ""}`);
      const configuration = writeConfiguration(directory, "threads", {
        files: Array<string>(inputs).fill(input),
        filters: pipeline.filters,
        processors: { threaded },
      });
      const { busySeconds } = await runFluentBit(fluentBit, configuration);
      if (busySeconds === undefined) throw new Error("--threads needs /proc (Linux)");
      seconds[index]!.push(busySeconds);
    }
  }
  return cases.map(({ pipeline, inputs, threaded }, index) => ({
    pipeline: pipeline.name,
    inputs,
    threaded,
    recordsPerSecond: (0.98 * records * inputs) / median(seconds[index]!),
  }));
}
