import { filterFunctions } from "../../tools/host.js";
import { Coverage } from "./coverage.js";
import { shrink } from "./shrink.js";

/**
 * Records that together take the filter to all places where the given ones take it: short ones first, each only where
 * it leads to a new place, and cut down to what it needs for that.
 */
export function smallestCover(wasm: Uint8Array, records: readonly Buffer[]): Buffer[] {
  const coverage = new Coverage(wasm);
  const cover: Buffer[] = [];
  for (const record of [...records].sort((one, other) => one.length - other.length)) {
    for (const name of filterFunctions) {
      const fresh = coverage.run(name, record);
      if (fresh.length === 0) continue;
      cover.push(shrink(record, (smaller) => isSubset(fresh, coverage.waysOf(name, smaller))));
    }
  }
  return cover.sort((one, other) => Buffer.compare(one, other));
}

function isSubset(some: readonly number[], all: readonly number[]): boolean {
  const set = new Set(all);
  return some.every((item) => set.has(item));
}
