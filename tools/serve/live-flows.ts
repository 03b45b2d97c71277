import { noLines, type LineCounts } from "../flatten/flatten-log.js";
import { flattenInThread } from "../flatten/flatten-thread.js";
import type { RowBatch } from "../flatten/row-batch.js";
import { BatchedStore } from "../kusto/batched-store.js";
import type { Engine } from "../kusto/engine.js";
import { datetimeText } from "../text/ticks.js";
import type { Log } from "../logs/read-log.js";

const millisecondsBetween = 500;
/** Rows that come faster than this between two looks are stored when they are a row group, or have waited for long. */
const fewRows = 2000;
const longestWait = 5000;

/** How things stand with the flows, as the page shows it. */
export interface FlowsState {
  /** Changes with every batch of rows. */
  version: number;
  /** How many rows are held. */
  rows: number;
  /** How many older rows have been given up for newer ones. */
  removed: number;
  /** Lines read so far, and how many of them gave no row. */
  lines: number;
  dropped: number;
  isReading: boolean;
  /** The times of the oldest and the newest row, ISO 8601 in UTC. */
  oldest?: string;
  newest?: string;
  /** Why reading has ended before its time. */
  problem?: string;
}

/** Rows that come in while queries run. */
export class LiveFlows {
  readonly counts: LineCounts = noLines();
  readonly #store: BatchedStore;
  readonly #waiting: (() => Promise<void>)[] = [];
  #isBusy = false;
  #version = 0;
  #rows = 0;
  #removed = 0;
  #readers = 0;
  #times: { oldest?: string; newest?: string } = {};
  #problem: string | undefined;
  #isClosed = false;

  /** @param keep how many rows are held at most; the oldest go first. */
  constructor(
    readonly engine: Engine,
    readonly keep: number,
  ) {
    this.#store = new BatchedStore((batches, rows) => this.#stored(batches, rows));
  }

  get state(): FlowsState {
    return {
      version: this.#version,
      rows: this.#rows,
      removed: this.#removed,
      lines: this.counts.lines,
      dropped: this.counts.dropped,
      isReading: this.#readers > 0,
      ...this.#times,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  /**
   * Runs `work` when no other does; queries do so, since rows are compressed and removed between them.
   * @param isFirst whether it goes in front of what waits.
   */
  exclusive<T>(work: () => Promise<T>, isFirst = false): Promise<T> {
    const mine = new Promise<T>((resolve, reject) => {
      const run = () => work().then(resolve, reject);
      if (isFirst) this.#waiting.unshift(run);
      else this.#waiting.push(run);
    });
    if (!this.#isBusy) void this.#runWaiting();
    return mine;
  }

  async #runWaiting(): Promise<void> {
    this.#isBusy = true;
    for (let run = this.#waiting.shift(); run; run = this.#waiting.shift()) await run();
    this.#isBusy = false;
  }

  /** Reads a log to its end, which for a pipe or a followed file may never come. */
  async readLog(log: Log): Promise<void> {
    await this.read(flattenInThread(log, "hubble_events", this.counts));
  }

  /** Takes rows until they end; those that come slowly are stored within half a second. */
  async read(batches: AsyncIterable<RowBatch>): Promise<void> {
    this.#readers += 1;
    const timer = this.#storeInTime();
    try {
      for await (const batch of batches) {
        if (this.#isClosed) return;
        await this.#store.push(batch);
      }
    } catch (error) {
      this.#problem = (error as Error).message;
      throw error;
    } finally {
      clearInterval(timer);
      if (!this.#isClosed) await this.#store.flush();
      this.#readers -= 1;
      this.#version += 1;
    }
  }

  /** Takes no more rows, waits for what runs, and closes the engine. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#store.idle();
    await this.exclusive(() => Promise.resolve(this.engine.close()));
  }

  #storeInTime(): NodeJS.Timeout {
    let before = 0;
    let since = Date.now();
    return setInterval(() => {
      const { rows } = this.#store;
      if (rows < before || before === 0) since = Date.now();
      const isSlow = rows - before < fewRows;
      const isFirst = this.#rows === 0;
      before = rows;
      if (rows > 0 && (isSlow || isFirst || Date.now() - since > longestWait)) void this.#store.flush().catch(() => {});
    }, millisecondsBetween);
  }

  async #stored(batches: RowBatch[], rows: number): Promise<void> {
    await this.engine.store(batches);
    await this.exclusive(async () => {
      await this.engine.compress();
      this.#rows += rows;
      if (this.#rows > this.keep) {
        // A little more than needed, so that not every batch has to.
        const left = this.keep - Math.floor(this.keep / 20);
        await this.engine.keepNewest(left);
        this.#removed += this.#rows - left;
        this.#rows = left;
      }
      const times = await this.engine.times();
      if (times) this.#times = { oldest: datetimeText(times.oldest), newest: datetimeText(times.newest) };
      this.#version += 1;
    }, true);
  }
}
