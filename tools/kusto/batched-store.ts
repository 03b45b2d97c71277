import type { RowBatch } from "../flatten/row-batch.js";
import { bytesPerBatch, rowsPerBatch } from "./engine.js";

/** Gathers batches of rows and stores a row group at a time, or what is large, while the next begins to be gathered. */
export class BatchedStore {
  #batches: RowBatch[] = [];
  #rows = 0;
  #bytes = 0;
  #storing: Promise<void> = Promise.resolve();
  #isStoring = false;

  /** @param store stores batches, whose rows together are given too; it is called anew when it has ended. */
  constructor(readonly store: (batches: RowBatch[], rows: number) => Promise<void>) {}

  /** How many rows have been gathered. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes a batch; where rows are being stored and a quarter as many have been gathered since, waits: both take memory. */
  async push(batch: RowBatch): Promise<void> {
    this.#batches.push(batch);
    this.#rows += batch.rows;
    this.#bytes += batch.bytes.length;
    if (this.#isStoring && this.#fullness >= 0.25) await this.#storing;
    if (this.#fullness >= 1) this.#begin();
  }

  get #fullness(): number {
    return Math.max(this.#rows / rowsPerBatch, this.#bytes / bytesPerBatch);
  }

  /** Stores all that has been gathered. */
  async flush(): Promise<void> {
    if (this.#rows > 0) this.#begin();
    await this.#storing;
  }

  /** Waits for what is being stored, whatever comes of it. */
  async idle(): Promise<void> {
    await this.#storing.catch(() => {});
  }

  #begin(): void {
    const batches = this.#batches;
    const rows = this.#rows;
    this.#batches = [];
    this.#rows = 0;
    this.#bytes = 0;
    this.#isStoring = true;
    const storing = this.#storing.then(() => this.store(batches, rows));
    this.#storing = storing;
    storing.then(
      () => (this.#isStoring = this.#storing !== storing),
      // Whoever waits for it next is told.
      () => {},
    );
  }
}
