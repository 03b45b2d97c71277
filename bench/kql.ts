import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeLogFile, type LineSource } from "./input/log-file.js";

/** What KQL on the embedded engine takes for a log of so many flows, in one process. */
export interface KqlCost {
  flows: number;
  /** From the start of the process until all flows are loaded, in seconds. */
  loadSeconds: number;
  /** The slowest of the functions that were asked, and how long it took, in milliseconds. */
  slowest: string;
  slowestMilliseconds: number;
  /** The most memory that the process held. */
  peakMebibytes: number;
}

const worker = fileURLToPath(new URL("kql-worker.ts", import.meta.url));

/** Loads `count` flows and asks every function once, in a process of its own. */
export function measureKql(count: number, source: LineSource, directory: string): KqlCost {
  const log = join(directory, "kql.log");
  writeLogFile(log, count, source);
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", worker, log], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`KQL over ${count} flows failed: ${stderr}`);
  return { flows: count, ...(JSON.parse(stdout) as Omit<KqlCost, "flows">) };
}
