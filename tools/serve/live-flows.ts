import { flattenLog, noLines, type LineCounts } from "../flatten/flatten-log.js";
import type { Log } from "../logs/read-log.js";
import type { FilterHost } from "../host.js";
import { datetimeText } from "../kusto/ticks.js";
import type { Engine } from "../kusto/engine.js";

const rowsPerBatch = 20_000;
const millisecondsBetween = 500;

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

/** Rows that come in while queries run: what touches the engine happens one after the other. */
export class LiveFlows {
  readonly counts: LineCounts = noLines();
  #pending: string[] = [];
  #storing: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();
  #version = 0;
  #rows = 0;
  #removed = 0;
  #readers = 0;
  #times: { oldest?: string; newest?: string } = {};
  #problem: string | undefined;

  /** @param keep how many rows are held at most; the oldest go first. */
  constructor(
    readonly engine: Engine,
    readonly keep: number,
  ) {}

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

  /** Runs `work` when nothing else uses the engine. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work, work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Reads a log to its end, which for a pipe or a followed file may never come. */
  async readLog(log: Log, host: FilterHost): Promise<void> {
    await this.read(async () => {
      for await (const row of flattenLog(log, host, this.counts)) await this.push(row.json);
    });
  }

  /** Counts as reading while `work` hands in rows; rows that come slowly are stored within half a second. */
  async read(work: () => Promise<void>): Promise<void> {
    this.#readers += 1;
    const timer = setInterval(() => void this.#store(), millisecondsBetween);
    try {
      await work();
    } catch (error) {
      this.#problem = (error as Error).message;
      throw error;
    } finally {
      clearInterval(timer);
      await this.#store();
      this.#readers -= 1;
      this.#version += 1;
    }
  }

  /** Takes a row as the filter returned it. */
  async push(json: string): Promise<void> {
    this.#pending.push(json);
    if (this.#pending.length < rowsPerBatch) return;
    // One batch is stored while the next is read.
    await this.#storing;
    void this.#store();
  }

  #store(): Promise<void> {
    const rows = this.#pending;
    if (rows.length === 0) return this.#storing;
    this.#pending = [];
    this.#storing = this.exclusive(async () => {
      for (const row of rows) await this.engine.add(row);
      await this.engine.flush();
      this.#rows += rows.length;
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
    });
    return this.#storing;
  }
}
