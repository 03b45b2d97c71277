import type { RowBatch } from "../flatten/row-batch.js";
import { rowsPerBatch } from "./engine.js";

/** Gathers batches of rows and stores one row group while the next is gathered. */
export class BatchedStore {
  #batches: RowBatch[] = [];
  #rows = 0;
  #storing: Promise<void> = Promise.resolve();

  /** @param store stores batches, whose rows together are given too; it is called anew when it has ended. */
  constructor(readonly store: (batches: RowBatch[], rows: number) => Promise<void>) {}

  /** How many rows have been gathered. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes a batch; where with it they are a row group, waits until the one before is stored. */
  async push(batch: RowBatch): Promise<void> {
    this.#batches.push(batch);
    this.#rows += batch.rows;
    if (this.#rows >= rowsPerBatch) await this.#begin();
  }

  /** Stores all that has been gathered. */
  async flush(): Promise<void> {
    if (this.#rows > 0) void this.#begin();
    await this.#storing;
  }

  /** Waits for what is being stored, whatever comes of it. */
  async idle(): Promise<void> {
    await this.#storing.catch(() => {});
  }

  /** @returns what was being stored before. */
  #begin(): Promise<void> {
    const before = this.#storing;
    const batches = this.#batches;
    const rows = this.#rows;
    this.#batches = [];
    this.#rows = 0;
    this.#storing = before.then(() => this.store(batches, rows));
    // Whoever waits for it next is told.
    this.#storing.catch(() => {});
    return before;
  }
}
