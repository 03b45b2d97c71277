import { setTimeout } from "node:timers/promises";
import type { DashboardSource } from "../dashboard/source.js";
import { runnableQuery, type Choices } from "../dashboard/tile-query.js";
import { KustoError } from "../kusto/error.js";
import { ticksOf, type Engine } from "../kusto/engine.js";

/** Requests come in groups: so long after the last one nobody waits. */
const quietMilliseconds = 300;

/**
 * Reads and translates the queries of all tiles while nobody asks for anything: what Microsoft's parser finds out about
 * the database's functions is kept, and a page that is opened first need not wait for that.
 */
export class Preparation {
  #open = 0;
  #last = 0;
  #isDone = false;

  constructor(
    readonly engine: Pick<Engine, "check" | "translate">,
    readonly dashboard: DashboardSource,
  ) {}

  /** Does the work of a request, during which and shortly after which nothing is prepared. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#open += 1;
    try {
      return await work();
    } finally {
      this.#open -= 1;
      this.#last = performance.now();
    }
  }

  /** Prepares all tiles, once: further calls do nothing. */
  async run(choices: Choices): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    for (const { tiles } of this.dashboard.pages) {
      for (const tile of tiles) {
        if (!("query" in tile)) continue;
        const kql = runnableQuery(this.dashboard, tile.query, choices);
        await this.#whenQuiet(() => this.engine.check(kql));
        await this.#whenQuiet(() => this.engine.translate(kql, ticksOf(new Date())));
      }
    }
  }

  async #whenQuiet(work: () => unknown): Promise<void> {
    await this.#untilQuiet();
    try {
      work();
    } catch (error) {
      // The tile says so itself.
      if (!(error instanceof KustoError)) throw error;
    }
  }

  async #untilQuiet(): Promise<void> {
    for (;;) {
      // Also lets those in that have come meanwhile.
      await setTimeout(1, undefined, { ref: false });
      const rest = quietMilliseconds - (performance.now() - this.#last);
      if (this.#open === 0 && rest <= 0) return;
      await setTimeout(Math.max(rest, 1), undefined, { ref: false });
    }
  }
}
