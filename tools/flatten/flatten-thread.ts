import { on } from "node:events";
import { Worker } from "node:worker_threads";
import type { FilterFunction } from "../host.js";
import type { Log } from "../logs/read-log.js";
import { packageFile } from "../package-file.js";
import { UserError } from "../user-error.js";
import type { LineCounts } from "./flatten-log.js";
import type { RowBatch } from "./row-batch.js";

/** What the thread is told when it begins. */
export interface Task {
  /** Names the log in errors. */
  name: string;
  functionName: FilterFunction;
}

/** A chunk of the log; its end; or that no more of it can be read. */
export type Question = Uint8Array | "end" | "cut";

/** What the thread has made of the chunks since its last answer. */
export interface Answer {
  batch: RowBatch;
  /** Of the whole log until now. */
  counts: LineCounts;
  bytesRead: number;
  isLast?: true;
  error?: { message: string; isUserError: boolean };
}

/** How far the thread may lie behind: enough to go on while this one is busy for half a second. */
const mostBytesAhead = 32 << 20;

/**
 * Runs a log through the filter as `flattenLog` does, in a thread of its own, so that neither waits for the other.
 * @param counts gets what this log adds, and is kept up to date.
 * @throws UserError as `flattenLog`, and what reading the log throws, each after the rows before it.
 */
export async function* flattenInThread(
  log: Log,
  functionName: FilterFunction,
  counts: LineCounts,
): AsyncGenerator<RowBatch> {
  const task: Task = { name: log.name, functionName };
  const worker = new Worker(packageFile("build/tools/flatten/flatten-worker.js"), { workerData: task });
  const before = { ...counts };
  const feeder = new Feeder(worker);
  const fed = feeder.feed(log.bytes);
  // It is waited for at the end only.
  fed.catch(() => {});
  let isComplete = false;
  try {
    const answers = on(worker, "message", { close: ["exit"] }) as AsyncIterable<[Answer]>;
    for await (const [answer] of answers) {
      feeder.taken(answer.bytesRead);
      for (const kind of Object.keys(counts) as (keyof LineCounts)[]) counts[kind] = before[kind] + answer.counts[kind];
      if (answer.batch.rows > 0) yield answer.batch;
      if (answer.error) throw new (answer.error.isUserError ? UserError : Error)(answer.error.message);
      if (!answer.isLast) continue;
      isComplete = true;
      break;
    }
  } finally {
    feeder.stop();
    await worker.terminate();
  }
  if (!isComplete) throw new Error(`${log.name}: the thread that runs the filter has ended`);
  await fed;
}

/** Hands the chunks of a log to the thread, no more at once than it may lie behind. */
class Feeder {
  #bytesAhead = 0;
  #isStopped = false;
  #goOn: () => void = () => {};

  constructor(readonly worker: Worker) {}

  async feed(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of bytes) {
        // A copy of its own, which can be handed over: chunks may be parts of a larger buffer.
        const copy = new Uint8Array(chunk);
        this.#bytesAhead += copy.length;
        this.worker.postMessage(copy, [copy.buffer]);
        while (this.#bytesAhead > mostBytesAhead && !this.#isStopped) {
          await new Promise<void>((resolve) => (this.#goOn = resolve));
        }
        if (this.#isStopped) return;
      }
      this.worker.postMessage("end" satisfies Question);
    } catch (error) {
      this.worker.postMessage("cut" satisfies Question);
      throw error;
    }
  }

  taken(bytes: number): void {
    this.#bytesAhead -= bytes;
    this.#goOn();
  }

  stop(): void {
    this.#isStopped = true;
    this.#goOn();
  }
}
