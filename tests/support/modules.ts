import { readFileSync } from "node:fs";
import { FilterHost, type RecordContext } from "../../tools/host.js";
import { packageFile } from "../../tools/package-file.js";

export const filterFunctions = ["hubble_flows", "hubble_flows_keep", "hubble_events"] as const;
export type FilterFunction = (typeof filterFunctions)[number];

/** Runs one of a module's functions on a record; returns the reply's bytes, or null where the record is dropped. */
export type Filter = (functionName: FilterFunction, record: string | Uint8Array) => Uint8Array | null;

/** The timestamp of every record of the tests that name none, and what it is as TimeGenerated. */
export const recordContext: RecordContext = { tag: "kube.cilium", seconds: 1735787045, nanoseconds: 123456789 };
export const recordTime = "2025-01-02T03:04:05.1234567Z";

/** The filter's file; FILTER_MODULE names another build of it, a mutant's for one. */
const filterFile = process.env["FILTER_MODULE"] ?? "build/hubble-adx.wasm";

/** The filter itself. */
export const scanner = (): Filter => load(filterFile, "npm run build:wasm");

/** The same rules written for reading, with json-as. */
export const reference = (): Filter => load("build/reference.wasm", "npm run build:reference");

/** The filter's bytes. */
export const filterModule = (): Uint8Array => read(filterFile, "npm run build:wasm");

function read(path: string, build: string): Uint8Array {
  try {
    return readFileSync(packageFile(path));
  } catch (cause) {
    throw new Error(`${path} is missing: run "${build}"`, { cause });
  }
}

function load(path: string, build: string): Filter {
  const bytes = read(path, build);
  const module = new WebAssembly.Module(new Uint8Array(bytes));
  const hosts = new Map(filterFunctions.map((name) => [name, new FilterHost(module, { functionName: name })]));
  return (functionName, record) => hosts.get(functionName)!.filter(record, recordContext);
}
