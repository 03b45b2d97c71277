import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deepStack, runPipeline, type FluentBit, type Plugin } from "../support/fluent-bit.js";
import { compileProbeFilter } from "../support/probe-filter.js";

const filter = (wasm_path: string, function_name: string): Plugin => ({ name: "wasm", wasm_path, function_name });

/** What a Fluent Bit does with an instance of a module. */
export interface Hosting {
  /** Whether an instance lives as long as the process or as a chunk. */
  instance: "process" | "chunk";
  /** Whether the buffers of a call are freed after it. */
  freesBuffers: boolean;
}

/** Has a filter that counts calls and frees tell what it has seen at each record of several chunks. */
export async function observeHosting(fluentBit: FluentBit): Promise<Hosting> {
  const directory = mkdtempSync(join(tmpdir(), "hubble-adx-probe-"));
  try {
    const module = join(directory, "probe.wasm");
    writeFileSync(module, await compileProbeFilter());
    // The probe never gives memory back and has room for a few hundred.
    const sent = 100;
    const { records, log } = await runPipeline(fluentBit, {
      input: `${"x".repeat(99)}\n`.repeat(sent),
      // What tail reads at a time is a chunk to the filters.
      tail: { buffer_chunk_size: "1k" },
      filters: [filter(module, "report")],
    });
    const reports = records.map(({ numbers }) => numbers as number[]);
    if (reports.length !== sent) throw new Error(`${reports.length} of ${sent} records came out:\n${log}`);
    const [frees, calls] = [9, 10].map((place) => Math.max(...reports.map((numbers) => numbers[place]!)));
    return { instance: calls === reports.length ? "process" : "chunk", freesBuffers: frees! > 0 };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Whether a Fluent Bit runs an object that was compiled ahead of time. */
export async function observeLoadsAot(fluentBit: FluentBit, object: string): Promise<boolean> {
  const { records, log } = await runPipeline(fluentBit, {
    input: '{"flow":{"verdict":"DROPPED"}}\n',
    filters: [filter(object, "hubble_flows")],
  }).catch((error: unknown) => ({ records: [], log: String(error) }));
  if (records[0]?.Verdict === "DROPPED") return true;
  if (log.includes("AOT module load failed")) return false;
  throw new Error(`neither a row nor a refusal of the object:\n${log}`);
}

/** The specification's limit: a deeper text is unreadable. */
const deepestText = 64;

/**
 * How many levels of arrays and objects a flow may have so that a Fluent Bit carries its row, and those behind it. Where
 * there are more, rows are lost.
 */
export async function observeLevels(fluentBit: FluentBit, module: string): Promise<number> {
  let carried = 1;
  let lost = deepestText + 1;
  while (lost - carried > 1) {
    const levels = (carried + lost) >> 1;
    if (await carriesLevels(fluentBit, module, levels)) carried = levels;
    else lost = levels;
  }
  return carried;
}

async function carriesLevels(fluentBit: FluentBit, module: string, levels: number): Promise<boolean> {
  const count = 100;
  let flow = "1";
  for (let level = 2; level < levels; level++) flow = `[${flow}]`;
  const { records } = await runPipeline(fluentBit, {
    service: deepStack,
    input: `{"flow":{"x":${flow}}}\n`.repeat(count),
    filters: [filter(module, "hubble_flows")],
    timeout: 30_000,
  }).catch(() => ({ records: [] }));
  return records.length === count && records.every((row) => "AdditionalFields" in row);
}
