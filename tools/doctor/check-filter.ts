import { suggestion } from "../findings/words.js";
import { TABLE } from "./check-output.js";
import { excludeTakes } from "./match.js";
import { known } from "./pipeline.js";
import type { Pipeline } from "./pipeline.js";
import type { Property, Section } from "./read-fluent-bit.js";

/** The functions that the filter's module exports. */
const FUNCTIONS = ["hubble_flows", "hubble_flows_keep", "hubble_events"];

/** Those that drop every record that is none of theirs. */
const DROPPING = ["hubble_flows", "hubble_events"];

/** The keys under which the filter looks for a line. */
const LINE_KEYS = ["log", "message", "LogMessage", "MESSAGE", "msg"];

/** A flow's line as the exporter writes it. */
const FLOW_LINE =
  '{"flow":{"time":"2026-01-01T00:00:00Z","verdict":"DROPPED"},"node_name":"n","time":"2026-01-01T00:00:00Z"}';

/** How an object compiled ahead of time begins. */
const AOT = Buffer.from("\0aot");

/** Checks one wasm filter by itself, and its module where it is on this machine. */
export function checkFilter(
  pipeline: Pipeline,
  filter: Section,
  readModule: (path: string) => Uint8Array | undefined,
): void {
  const { properties, line } = filter;
  const name = properties.get("function_name");
  if (!name) {
    const message = "function_name is missing: Fluent Bit does not start";
    pipeline.say("error", line, message, "add function_name hubble_flows");
  } else if (known(name.value) && !FUNCTIONS.includes(name.value)) {
    const message = `the module has no function "${name.value}": every record is lost`;
    pipeline.say("error", name.line, message, suggestion(name.value, FUNCTIONS));
  }
  const path = properties.get("wasm_path");
  if (!path) {
    const message = "wasm_path is missing: Fluent Bit does not start";
    pipeline.say("error", line, message, "add wasm_path /fluent-bit/wasm/hubble-adx.wasm");
  } else if (known(path.value)) checkModule(pipeline, path, name, readModule);
  const format = properties.get("event_format");
  if (format && format.value.toLowerCase() !== "json") {
    const message = `event_format ${format.value} cannot carry a row: the host cuts it at its first zero byte`;
    pipeline.say("error", format.line, message, "take event_format out");
  }
  if (properties.has("wasm_heap_size") || properties.has("wasm_stack_size")) {
    const message = "heap and stack sizes do not matter: the module has its own memory";
    pipeline.say("note", line, message, "take them out");
  }
}

function checkModule(
  pipeline: Pipeline,
  path: Property,
  name: Property | undefined,
  readModule: (path: string) => Uint8Array | undefined,
): void {
  const bytes = readModule(path.value);
  if (!bytes || Buffer.from(bytes.subarray(0, 4)).equals(AOT)) return;
  const build = "build it with npm ci, which makes build/hubble-adx.wasm";
  if (!WebAssembly.validate(new Uint8Array(bytes))) {
    pipeline.say("error", path.line, `${path.value} is no WebAssembly module`, build);
    return;
  }
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(bytes)));
  if (name && FUNCTIONS.includes(name.value) && !exported.some((one) => one.name === name.value)) {
    const message = `${path.value} exports no function ${name.value}: every record is lost`;
    pipeline.say("error", name.line, message, `it is another module; ${build}`);
  }
}

/**
 * Checks what happens to an input's records on their way to the wasm filter, and what the filter does to records that
 * are no flows.
 * @param hasFlows whether the input is one that reads flows.
 */
export function checkWhatComesBefore(pipeline: Pipeline, input: Section, filters: Section[], hasFlows: boolean): void {
  const reached = filters.filter((filter) => pipeline.reaches(input, filter));
  for (const filter of reached) {
    if (hasFlows) {
      checkParsers(pipeline, input.properties.get("multiline.parser"));
      for (const before of pipeline.filtersBefore(input, filter)) checkBefore(pipeline, before);
    }
    checkOtherPods(pipeline, input, filter);
    checkObject(pipeline, input, filter);
  }
}

function checkBefore(pipeline: Pipeline, filter: Section): void {
  if (filter.plugin === "multiline") {
    checkParsers(pipeline, filter.properties.get("multiline.parser"));
    return;
  }
  const taken = takenAway(filter);
  if (!taken) return;
  // A condition may leave flows alone.
  const severity = filter.properties.has("condition") ? "warning" : "error";
  pipeline.say(
    severity,
    taken.line,
    `${filter.plugin} takes the line from under its key log: the wasm filter behind it finds no flow, and drops the record`,
    `put it behind the wasm filter, or leave the line under one of ${LINE_KEYS.join(", ")}`,
  );
}

/** The property of a filter that takes `log` out of a record or renames it to what the wasm filter does not look at. */
function takenAway({ plugin, properties, each }: Section): Property | undefined {
  const takes = (key: string, value: string): boolean => {
    const [first = "", second = ""] = value.trim().split(/\s+/);
    if (plugin === "modify") {
      if (key === "rename" || key === "hard_rename") return first === "log" && !LINE_KEYS.includes(second);
      if (key === "remove") return first === "log";
      if (key === "remove_wildcard") return "log".startsWith(first.replace(/\*$/, ""));
      return false;
    }
    if (plugin === "record_modifier") return key === "remove_key" && first === "log";
    if (plugin === "nest") return key === "wildcard" && excludeTakes(first, "log");
    return false;
  };
  if (plugin === "nest" && properties.get("operation")?.value.toLowerCase() !== "nest") return undefined;
  const allowed = each.filter(({ key }) => key === "allowlist_key" || key === "whitelist_key");
  if (
    plugin === "record_modifier" &&
    allowed.length > 0 &&
    !allowed.some(({ value }) => LINE_KEYS.includes(value.trim()))
  )
    return allowed[0];
  return each.find(({ key, value }) => takes(key, value));
}

/** Fluent Bit's own multiline parsers join no line that begins with a brace; those of the file are tried on a flow. */
function checkParsers(pipeline: Pipeline, parsers: Property | undefined): void {
  for (const name of parsers?.value.split(",") ?? []) {
    const rules = pipeline.configuration.multilineParsers.get(name.trim()) ?? [];
    const joins = rules.find(({ state, pattern }) => state !== "start_state" && takesFlow(pattern));
    if (!joins) continue;
    pipeline.say(
      "error",
      joins.line,
      `the multiline parser ${name.trim()} takes a flow for the continuation of the line before: together they are one row that cannot be read`,
      "let the rule leave out lines that begin with {, as ^[^{] does, or keep flows away from it",
    );
  }
}

/** Whether a pattern takes a flow's line; not where JavaScript cannot read the pattern. */
function takesFlow(pattern: string): boolean {
  try {
    return new RegExp(pattern.replace(/^\/(.*)\/$/, "$1")).test(FLOW_LINE);
  } catch {
    return false;
  }
}

function checkOtherPods(pipeline: Pipeline, input: Section, filter: Section): void {
  const name = filter.properties.get("function_name");
  if (!name || !DROPPING.includes(name.value) || !pipeline.readsOtherPods(input)) return;
  const output = pipeline
    .sections("output")
    .find((one) => pipeline.reaches(input, one) && one.properties.get("table_name")?.value !== TABLE);
  if (!output) return;
  pipeline.say(
    "error",
    name.line,
    `${name.value} drops what is no flow: the output ${output.plugin} (line ${output.line}) gets no other pod's log any more`,
    "give the log with the flows an input and a tag of its own, or take function_name hubble_flows_keep",
  );
}

/** An object that a Fluent Bit before 4.1 does not load leaves its records as they came; a rule for rows keeps them back. */
function checkObject(pipeline: Pipeline, input: Section, filter: Section): void {
  const path = filter.properties.get("wasm_path");
  if (!path || !/\.aot$/i.test(path.value)) return;
  const rules = pipeline.sections("filter", "grep").filter((grep) => pipeline.reaches(input, grep));
  const keepsRows = (grep: Section) =>
    grep.each.some(({ key, value }) => key === "regex" && /^\$?TimeGenerated\s/.test(value));
  if (rules.some(keepsRows)) return;
  pipeline.say(
    "warning",
    path.line,
    `a Fluent Bit before 4.1 does not load ${path.value}, and lets every record through unfiltered`,
    "put a filter grep with regex TimeGenerated ^\\d behind it, or take the .wasm",
  );
}
