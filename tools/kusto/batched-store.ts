import type { RowBatch } from "../flatten/row-batch.js";
import { rowsPerBatch } from "./engine.js";

/** How many rows are gathered while others are stored: both take memory. */
const rowsMeanwhile = rowsPerBatch / 2;

/** Gathers batches of rows and stores a row group at a time, while the next one begins to be gathered. */
export class BatchedStore {
  #batches: RowBatch[] = [];
  #rows = 0;
  #storing: Promise<void> = Promise.resolve();
  #isStoring = false;

  /** @param store stores batches, whose rows together are given too; it is called anew when it has ended. */
  constructor(readonly store: (batches: RowBatch[], rows: number) => Promise<void>) {}

  /** How many rows have been gathered. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes a batch; where rows are being stored and many have been gathered since, waits for them. */
  async push(batch: RowBatch): Promise<void> {
    this.#batches.push(batch);
    this.#rows += batch.rows;
    if (this.#isStoring && this.#rows >= rowsMeanwhile) await this.#storing;
    if (this.#rows >= rowsPerBatch) this.#begin();
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
