import { FilterHost, readFilterModule } from "../tools/host.js";
import { inputNames, type InputName, type LineSource } from "./input/log-file.js";
import { median } from "./statistics.js";

/** What the filter takes for a record in this process. */
export interface EmbeddedCost {
  input: InputName;
  shape: "raw message" | "merged";
  microseconds: number;
}

const RECORDS = 2_000;

/**
 * Measures the filter under V8, with the calls that Fluent Bit makes but without its JSON encoding and decoding. V8
 * compiles the module, where Fluent Bit interprets it.
 */
export function measureEmbedded(sources: Record<InputName, LineSource>, rounds: number): EmbeddedCost[] {
  const host = new FilterHost(readFilterModule());
  return inputNames.flatMap((input) => {
    const lines = Array.from({ length: RECORDS }, (_, index) => sources[input](index));
    const rest = { stream: "stdout", logtag: "F" };
    const raw = lines.map((line) => Buffer.from(JSON.stringify({ ...rest, message: line })));
    const merged = lines.map((line) => Buffer.from(JSON.stringify({ ...rest, ...objectOf(line) })));
    return [
      { input, shape: "raw message" as const, microseconds: timePerRecord(host, raw, rounds) },
      { input, shape: "merged" as const, microseconds: timePerRecord(host, merged, rounds) },
    ];
  });
}

function timePerRecord(host: FilterHost, records: Buffer[], rounds: number): number {
  const times: number[] = [];
  // The first round is for the compiler.
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    for (const record of records) host.filter(record);
    times.push(((performance.now() - started) * 1000) / records.length);
  }
  return median(times.slice(1));
}

/** The line as `filter parser` merges it: the keys of its object, or the message as it is. */
function objectOf(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Not JSON: stays a message.
  }
  return { message: line };
}
