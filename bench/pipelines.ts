import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { packageFile } from "../tools/package-file.js";
import type { Filter } from "./fluent-bit/configuration.js";

export interface NamedPipeline {
  /** What `--only` takes. */
  name: string;
  description: string;
  filters: Filter[];
  /** Whether it makes the row of schema/columns.yaml, and drops what is no flow. */
  makesRows: boolean;
  /** Whether it runs only where `--only` names it: it takes a hundred times as long. */
  onlyWhenNamed?: boolean;
  /** The most CPU that it may take for a flow, as a ratio to the LuaJIT pipeline's. */
  target?: number;
}

/** The pipeline that all others are compared with. */
export const PEER = "luajit";

/** What the shipped configurations do: lines that start with no brace go before the module is called for them. */
export const RECOMMENDED = "grep+wasm";

/** The tail input without filters, whose cost is taken off every pipeline's. */
export const BASE: NamedPipeline = {
  name: "base",
  description: "tail and the CRI parser alone",
  filters: [],
  makesRows: false,
};

const jsonParser: Filter = { name: "parser", key_name: "message", parser: "json", reserve_data: true };

/**
 * The pipelines that can run here: the AOT object and the reference are there where they have been built.
 * @param missing is told what is left out, and how to get it.
 * @throws Error when the module itself has not been built.
 */
export function pipelines(missing: (what: string) => void): NamedPipeline[] {
  if (!existsSync(built("hubble-adx.wasm"))) throw new Error("no build/hubble-adx.wasm: `npm run build:wasm` makes it");
  const found: NamedPipeline[] = [
    {
      name: "wasm",
      description: "the .wasm on the raw message",
      filters: [wasm(built("hubble-adx.wasm"))],
      makesRows: true,
    },
    {
      name: RECOMMENDED,
      description: "grep, then the .wasm on the raw message",
      filters: [{ name: "grep", regex: "message ^\\s*\\{" }, wasm(built("hubble-adx.wasm"))],
      makesRows: true,
    },
    {
      name: `${RECOMMENDED}+rows`,
      description: "the same, then a rule that lets only rows through",
      filters: [
        { name: "grep", regex: "message ^\\s*\\{" },
        wasm(built("hubble-adx.wasm")),
        { name: "grep", regex: "TimeGenerated ^\\d" },
      ],
      makesRows: true,
    },
    {
      name: "parser+wasm",
      description: "filter parser, then the .wasm",
      filters: [jsonParser, wasm(built("hubble-adx.wasm"))],
      makesRows: true,
    },
    {
      name: PEER,
      description: "filter parser, then LuaJIT",
      filters: [jsonParser, { name: "lua", script: benchFile("lua/hubble_flows.lua"), call: "hubble_flows" }],
      makesRows: true,
    },
    { name: "parser", description: "filter parser alone", filters: [jsonParser], makesRows: false },
    {
      name: "pass-through",
      description: "a .wasm that returns its record",
      filters: [{ name: "wasm", wasm_path: built("pass-through.wasm"), function_name: "pass_through" }],
      makesRows: false,
    },
  ];
  const aot = aotObject();
  if (aot && existsSync(aot)) {
    found.push({
      name: "aot",
      description: "the AOT object on the raw message",
      filters: [wasm(aot)],
      makesRows: true,
      target: 0.5,
    });
  } else missing("no AOT object for this machine: `npm run build:aot` makes it");
  found.push({
    name: "nest+modify",
    description: "filter parser, 10 × nest, modify",
    filters: [jsonParser, ...(parse(readFileSync(benchFile("nest-modify.yaml"), "utf8")) as Filter[])],
    makesRows: false,
  });
  const reference = built("reference.wasm");
  if (existsSync(reference)) {
    found.push({
      name: "reference",
      description: "the json-as reference on the raw message",
      filters: [wasm(reference)],
      makesRows: true,
      onlyWhenNamed: true,
    });
  }
  return found;
}

function wasm(path: string): Filter {
  return { name: "wasm", wasm_path: path, function_name: "hubble_flows" };
}

/** The AOT object for this machine's processor; undefined where none is built for it. */
function aotObject(): string | undefined {
  const target = { x64: "x86_64", arm64: "aarch64" }[process.arch as string];
  return target && built(`hubble-adx.${target}.aot`);
}

function built(file: string): string {
  return fileURLToPath(packageFile(`build/${file}`));
}

function benchFile(file: string): string {
  return fileURLToPath(packageFile(`bench/${file}`));
}
