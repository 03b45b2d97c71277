import { Readable } from "node:stream";
import { flattenLog, noLines } from "../../tools/flatten/flatten-log.js";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import type { Engine } from "../../tools/kusto/engine.js";
import type { Answer } from "../kql/reference/flow.js";
import { answer } from "../kql/support.js";
import { Cluster, hour, linesOf, minute, ordinaryTraffic, type Day } from "../support/cluster/day.js";
import { openEngine } from "../support/engine.js";

/** The end of the time that tests look at. */
export const now = Date.parse("2026-03-04T10:00:00Z");

/** A cluster's ordinary traffic up to `now`: days of little, and the last hours of much. */
export function quietCluster(seed: number, { days = 4, visits = 60, hours = 3 } = {}): Cluster {
  const made = new Cluster(seed);
  const start = now - hours * hour;
  const day: Omit<Day, "from" | "to"> = { visits: Math.ceil(visits / 15), probeEvery: hour };
  ordinaryTraffic(made, { ...day, from: start - days * 24 * hour, to: start });
  ordinaryTraffic(made, { visits, probeEvery: 10 * minute, from: start, to: now });
  return made;
}

/** An engine with the rows that the filter makes of a cluster's lines. */
export async function engineOf(made: Cluster): Promise<Engine> {
  const engine = await openEngine();
  await addLines(engine, made);
  return engine;
}

export async function addLines(engine: Engine, made: Cluster): Promise<void> {
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_flows" });
  const text = linesOf(made)
    .map(({ line }) => `${line}\n`)
    .join("");
  const log = { name: "cluster", bytes: Readable.from([Buffer.from(text)]) };
  for await (const row of flattenLog(log, host, noLines())) await engine.add(row.json);
}

export async function found(engine: Engine, kql: string): Promise<Answer[]> {
  return answer(engine, kql, await engine.newestTime());
}
