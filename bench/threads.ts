import type { FluentBit } from "../tests/support/fluent-bit.js";
import { writeConfiguration } from "./fluent-bit/configuration.js";
import { runFluentBit } from "./fluent-bit/process.js";
import type { NamedPipeline } from "./pipelines.js";
import { median } from "./statistics.js";

/** How the work is spread: over processes, over the inputs of each, over a thread for each input. */
interface Layout {
  processes: number;
  inputs: number;
  threaded: boolean;
}

/** How many records a second a pipeline takes as the processors of its inputs. */
export interface Throughput extends Layout {
  pipeline: string;
  /** Undefined where Fluent Bit does not run this. */
  recordsPerSecond: number | undefined;
}

const LAYOUTS: Layout[] = [
  { processes: 1, inputs: 1, threaded: false },
  { processes: 1, inputs: 1, threaded: true },
  { processes: 1, inputs: 2, threaded: false },
  { processes: 1, inputs: 2, threaded: true },
  { processes: 2, inputs: 1, threaded: false },
];

/** What Fluent Bit says where a second thread is to run WebAssembly: WAMR has been set up for the first one only. */
const ONE_THREAD_ONLY = /thread signal env not inited/;

/**
 * Measures the filters as `processors` of tail inputs, each of which reads the log file of `records` lines, in every
 * layout.
 * @throws Error where the system has no /proc, which tells when the work is done.
 */
export async function measureThreads(
  fluentBit: FluentBit,
  pipelines: readonly NamedPipeline[],
  { input, records, rounds, directory }: { input: string; records: number; rounds: number; directory: string },
  progress: (text: string) => void = () => undefined,
): Promise<Throughput[]> {
  const cases = pipelines.flatMap((pipeline) => LAYOUTS.map((layout) => ({ pipeline, layout })));
  const seconds: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { pipeline, layout }] of cases.entries()) {
      progress(`round ${round + 1} of ${rounds}: ${pipeline.name}, ${JSON.stringify(layout)}`);
      const configuration = writeConfiguration(directory, "threads", {
        files: Array<string>(layout.inputs).fill(input),
        filters: pipeline.filters,
        processors: { threaded: layout.threaded },
      });
      const busy = await busySeconds(fluentBit, configuration, layout.processes);
      if (busy !== undefined) seconds[index]!.push(busy);
    }
  }
  return cases.map(({ pipeline, layout }, index) => ({
    pipeline: pipeline.name,
    ...layout,
    recordsPerSecond: seconds[index]!.length
      ? (records * layout.inputs * layout.processes) / median(seconds[index]!)
      : undefined,
  }));
}

/** How long the slowest of the processes was busy; undefined where Fluent Bit refuses the layout. */
async function busySeconds(fluentBit: FluentBit, configuration: string, processes: number) {
  try {
    const runs = await Promise.all(
      Array.from({ length: processes }, () => runFluentBit(fluentBit, configuration, { stopWhenIdle: true })),
    );
    return Math.max(
      ...runs.map((run) => {
        if (run.busySeconds === undefined) throw new Error("--threads needs /proc (Linux)");
        return run.busySeconds;
      }),
    );
  } catch (error) {
    if (error instanceof Error && ONE_THREAD_ONLY.test(error.message)) return undefined;
    throw error;
  }
}
