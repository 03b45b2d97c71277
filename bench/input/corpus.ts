import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Real lines, as the exporter and the agent wrote them. */
export interface Corpus {
  flows: string[];
  others: string[];
}

/**
 * Reads `flows.ndjson` (only the lines that hold an export event's `flow`) and `nonflow.txt` of a directory.
 * @throws Error naming the file that is missing or has no usable line.
 */
export function readCorpus(directory: string): Corpus {
  const flows = linesOf(join(directory, "flows.ndjson")).filter(isFlow);
  if (!flows.length) throw new Error(`${join(directory, "flows.ndjson")} has no line with a flow`);
  return { flows, others: linesOf(join(directory, "nonflow.txt")) };
}

function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").replace(/\n$/, "").split("\n");
}

function isFlow(line: string): boolean {
  return typeof (JSON.parse(line) as { flow?: unknown }).flow === "object";
}
