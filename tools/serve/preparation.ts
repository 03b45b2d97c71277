import { setTimeout } from "node:timers/promises";
import type { DashboardSource } from "../dashboard/source.js";
import { runnableQuery, type Choices } from "../dashboard/tile-query.js";
import { ticksOf, type Engine } from "../kusto/engine.js";

/** Requests come in groups: so long after the last one nobody waits. */
const quietMilliseconds = 300;

/**
 * Reads and translates the queries of all tiles while nobody asks for anything: a page that is opened next need not wait
 * for that.
 */
export class Preparation {
  #open = 0;
  #last = 0;
  #choices = "";

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

  /**
   * Prepares all tiles for what somebody has chosen, until somebody chooses something else; once for the same.
   * @param isSettled false while flows come in, with which the time of the oldest changes, and so all queries: only the
   *   first of them are prepared then.
   */
  async run(choices: Choices, isSettled: boolean): Promise<void> {
    const chosen = JSON.stringify(choices);
    if (this.#choices === chosen || (this.#choices !== "" && !isSettled)) return;
    this.#choices = chosen;
    const tiles = this.dashboard.pages.flatMap((page) => page.tiles.filter((tile) => "query" in tile));
    for (const { query } of tiles) {
      const kql = runnableQuery(this.dashboard, query, choices);
      for (const work of [() => this.engine.check(kql), () => this.engine.translate(kql, ticksOf(new Date()))]) {
        await this.#untilQuiet();
        if (this.#choices !== chosen) return;
        attempt(work);
      }
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

function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // The tile says so itself.
  }
}
