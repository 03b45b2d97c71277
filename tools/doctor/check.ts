import type { Finding } from "../exporter/finding.js";
import { sortFindings } from "../exporter/finding.js";
import { all, suggestion } from "../exporter/words.js";
import { loadSchema } from "../schema.js";
import { couldMatch, excludeTakes, pathTakes } from "./match.js";
import { readFluentBit } from "./read-fluent-bit.js";
import type { FluentBitConfiguration, Property, Section } from "./read-fluent-bit.js";

/** The functions that the filter's module exports. */
const FUNCTIONS = ["hubble_flows", "hubble_flows_keep", "hubble_events"];

/** What adx/setup.kql makes. */
const TABLE = "HubbleFlows";
const MAPPING = "HubbleFlowsMapping";

/** How an object compiled ahead of time begins. */
const AOT = Buffer.from("\0aot");

/**
 * Files of a node in which flows lie: the log of Cilium's agent, the file of AKS's own Cilium, that of the exporter by its
 * default, the log of a pod that runs `hubble observe`.
 */
const SOURCES = [
  "/var/log/containers/cilium-x7x2v_kube-system_cilium-agent-0123456789abcdef.log",
  "/var/log/acns/hubble/events.log",
  "/var/run/cilium/hubble/events.log",
  "/var/log/containers/hubble-observe-5d8f9c7b6-x7x2v_kube-system_hubble-observe-0123456789abcdef.log",
];

/**
 * Says what in a Fluent Bit configuration would keep Hubble flows from arriving in Azure Data Explorer whole.
 * @param text the configuration, YAML or classic by the file's name.
 * @param readModule reads the file that wasm_path names, where it is on this machine.
 */
export function checkFluentBit(
  text: string,
  file: string,
  readModule: (path: string) => Uint8Array | undefined = () => undefined,
): Finding[] {
  const configuration = readFluentBit(text, file);
  const check = new Check(configuration, file, readModule);
  check.run();
  return sortFindings([...configuration.findings, ...check.findings]);
}

class Check {
  readonly findings: Finding[] = [];

  constructor(
    private readonly configuration: FluentBitConfiguration,
    private readonly file: string,
    private readonly readModule: (path: string) => Uint8Array | undefined,
  ) {}

  run(): void {
    for (const { value, line } of this.configuration.includes) {
      this.#say("note", line, `${value} is included and not looked at here`, "check it by itself");
    }
    const filters = this.#sections("filter", "wasm");
    const hasIncludes = this.configuration.includes.length > 0;
    if (filters.length === 0 && !hasIncludes) {
      this.#say(
        "error",
        1,
        "there is no wasm filter",
        "add the filter: name wasm, wasm_path, function_name hubble_flows",
      );
    }
    for (const filter of filters) this.#checkFilter(filter);
    const inputs = this.configuration.sections.filter(({ kind, plugin }) => kind === "input" && plugin === "tail");
    const takesFlows = inputs.filter((input) => this.#takesFlows(input));
    const readsFlows = takesFlows.filter((input) => this.#excludesFlows(input).length === 0);
    // An input that leaves the flows out is to blame only where no other reads them.
    const flowInputs = readsFlows.length > 0 ? readsFlows : takesFlows;
    if (inputs.length > 0 && flowInputs.length === 0 && !hasIncludes) {
      this.#say(
        "error",
        inputs[0]!.line,
        "no tail input reads the log of Cilium's agent, nor a file of Hubble's exporter",
        "add one with path /var/log/containers/cilium-*_kube-system_cilium-agent-*.log, or /var/log/acns/hubble/events.log on AKS's own Cilium",
      );
    }
    for (const input of flowInputs) this.#checkInput(input, filters);
    const outputs = this.#sections("output", "azure_kusto");
    if (outputs.length === 0 && !hasIncludes) {
      this.#say("error", 1, "there is no azure_kusto output", "add it");
    }
    const reached = outputs.filter((output) => flowInputs.some((input) => this.#flows(input, output)));
    for (const output of reached.length > 0 ? reached : outputs) this.#checkOutput(output);
    if (outputs.length > 0 && flowInputs.length > 0 && reached.length === 0) {
      this.#say(
        "error",
        outputs[0]!.line,
        "no azure_kusto output matches the tag of the input with the flows",
        "let match and tag agree",
      );
    }
  }

  #checkFilter(filter: Section): void {
    const name = filter.properties.get("function_name");
    if (!name) {
      this.#say(
        "error",
        filter.line,
        "function_name is missing: Fluent Bit does not start",
        "add function_name hubble_flows",
      );
    } else if (known(name.value) && !FUNCTIONS.includes(name.value)) {
      this.#say(
        "error",
        name.line,
        `the module has no function "${name.value}": every record is lost`,
        suggestion(name.value, FUNCTIONS),
      );
    }
    if (!filter.properties.has("wasm_path")) {
      this.#say(
        "error",
        filter.line,
        "wasm_path is missing: Fluent Bit does not start",
        "add wasm_path /fluent-bit/wasm/hubble-adx.wasm",
      );
    }
    const path = filter.properties.get("wasm_path");
    if (path && known(path.value)) this.#checkModule(path, name);
    const format = filter.properties.get("event_format");
    if (format && format.value.toLowerCase() !== "json") {
      this.#say(
        "error",
        format.line,
        `event_format ${format.value} cannot carry a row: the host cuts it at its first zero byte`,
        "take event_format out",
      );
    }
    if (filter.properties.has("wasm_heap_size") || filter.properties.has("wasm_stack_size")) {
      this.#say(
        "note",
        filter.line,
        "heap and stack sizes do not matter: the module has its own memory",
        "take them out",
      );
    }
  }

  #checkModule(path: Property, name: Property | undefined): void {
    const bytes = this.readModule(path.value);
    if (!bytes || Buffer.from(bytes.subarray(0, 4)).equals(AOT)) return;
    const build = "build it with npm ci, which makes build/hubble-adx.wasm";
    if (!WebAssembly.validate(new Uint8Array(bytes))) {
      this.#say("error", path.line, `${path.value} is no WebAssembly module`, build);
      return;
    }
    const exported = WebAssembly.Module.exports(new WebAssembly.Module(new Uint8Array(bytes)));
    if (name && FUNCTIONS.includes(name.value) && !exported.some((one) => one.name === name.value)) {
      this.#say(
        "error",
        name.line,
        `${path.value} exports no function ${name.value}: every record is lost`,
        `it is another module; ${build}`,
      );
    }
  }

  #checkInput(input: Section, filters: Section[]): void {
    const { properties } = input;
    const excluded = this.#excludesFlows(input);
    if (excluded.length > 0) {
      const { line } = properties.get("exclude_path")!;
      this.#say(
        "error",
        line,
        `exclude_path ${excluded.join(",")} takes the log with the flows out again`,
        "give that log an input of its own",
      );
    }
    // The exporter's own files are not cut.
    const isContainerLog = /\/(containers|pods)\//.test(properties.get("path")?.value ?? "");
    if (
      isContainerLog &&
      !properties
        .get("multiline.parser")
        ?.value.split(",")
        .some((parser) => ["cri", "docker"].includes(parser.trim()))
    ) {
      this.#say(
        "warning",
        input.line,
        "lines over 16 KiB come in parts, and are not joined: their flows become rows with ParseError",
        "add multiline.parser cri",
      );
    }
    if (!properties.has("db")) {
      this.#say(
        "warning",
        input.line,
        "without db, a restart loses or repeats lines",
        "add db with a file on a host path",
      );
    }
    if (properties.get("storage.type")?.value.toLowerCase() !== "filesystem") {
      this.#say(
        "warning",
        input.line,
        "chunks are kept in memory only: a restart in an outage loses them",
        "add storage.type filesystem",
      );
    } else if (!this.#service("storage.path")) {
      this.#say(
        "error",
        input.line,
        "storage.type filesystem without storage.path in the service: Fluent Bit does not start",
        "add storage.path to the service",
      );
    }
    if (filters.length > 0 && !filters.some((filter) => this.#flows(input, filter))) {
      this.#say(
        "error",
        filters[0]!.line,
        "no wasm filter matches the tag of the agent's input: its lines stay as they are",
        "let match and tag agree",
      );
    }
  }

  #checkOutput(output: Section): void {
    const { properties, line } = output;
    const value = (key: string) => properties.get(key)?.value;
    const at = (key: string) => properties.get(key)?.line ?? line;
    if ((value("log_key") ?? "log") !== "log") {
      this.#say(
        "error",
        at("log_key"),
        "the mapping reads $.log.…, so all columns stay empty with another log_key",
        "take log_key out",
      );
    }
    if (!value("ingestion_mapping_reference")) {
      this.#say(
        "error",
        line,
        "without ingestion_mapping_reference rows are not mapped to columns",
        "add ingestion_mapping_reference HubbleFlowsMapping",
      );
    }
    for (const key of ["ingestion_endpoint", "database_name", "table_name"]) {
      if (!value(key)) this.#say("error", line, `${key} is missing: Fluent Bit does not start`, `add ${key}`);
    }
    for (const [key, kind, made] of [
      ["table_name", "table", TABLE],
      ["ingestion_mapping_reference", "mapping", MAPPING],
    ] as const) {
      const given = value(key);
      if (!given || given === made || !known(given)) continue;
      this.#say(
        "warning",
        at(key),
        `adx/setup.kql makes no ${kind} ${given}: unless you have made it, nothing is ingested`,
        suggestion(given, [made]),
      );
    }
    const endpoint = value("ingestion_endpoint");
    if (endpoint && known(endpoint) && !endpoint.startsWith("https://ingest-")) {
      this.#say(
        "error",
        at("ingestion_endpoint"),
        `${endpoint} is not the cluster's ingestion URI`,
        "write https://ingest-CLUSTER.REGION.kusto.windows.net",
      );
    }
    const auth = (value("auth_type") ?? "service_principal").toLowerCase();
    const needs: Record<string, string[]> = {
      service_principal: ["tenant_id", "client_id", "client_secret"],
      workload_identity: ["tenant_id", "client_id"],
      managed_identity: ["client_id"],
    };
    if (!needs[auth])
      this.#say("error", at("auth_type"), `there is no auth_type ${auth}`, suggestion(auth, Object.keys(needs)));
    for (const key of needs[auth] ?? []) {
      if (!value(key))
        this.#say("error", line, `auth_type ${auth} needs ${key}: Fluent Bit does not start`, `add ${key}`);
    }
    const logLevel = (this.#service("log_level") ?? "info").toLowerCase();
    if (auth === "workload_identity" && ["info", "debug", "trace"].includes(logLevel)) {
      this.#say(
        "warning",
        at("auth_type"),
        `at log_level ${logLevel} the output writes the pod's federated token into Fluent Bit's log`,
        "write log_level warn in the service",
      );
    }
    const retries = (value("retry_limit") ?? "1").toLowerCase();
    if (known(retries) && !["no_limits", "false", "off"].includes(retries)) {
      const often =
        retries === "no_retries"
          ? "after the first failure"
          : `after ${retries === "1" ? "the first retry" : `${retries} retries`}`;
      this.#say(
        "warning",
        at("retry_limit"),
        `chunks are thrown away ${often}: an outage loses flows`,
        "write retry_limit no_limits",
      );
    }
    const buffering = value("buffering_enabled")?.toLowerCase();
    if (buffering && ["on", "true", "yes"].includes(buffering)) {
      this.#say(
        "warning",
        at("buffering_enabled"),
        "with buffering_enabled the output keeps files of its own, and puts one aside after three failures",
        "take it out: storage.type filesystem on the input keeps chunks until they are delivered",
      );
    }
  }

  /** Whether an input's path takes the agent's log. */
  /** The files with flows that an input's path takes; a path that speaks of Hubble may be the exporter's, wherever it is. */
  #flowFiles({ properties }: Section): string[] {
    const globs = (properties.get("path")?.value ?? "").split(",").map((glob) => glob.trim());
    return globs.filter(known).flatMap((glob) => {
      const files = SOURCES.filter((file) => pathTakes(glob, file));
      return files.length === 0 && /hubble/i.test(glob) ? [glob] : files;
    });
  }

  #takesFlows(input: Section): boolean {
    return this.#flowFiles(input).length > 0;
  }

  /** The patterns of an input's exclude_path that together take every file with flows out; none where one is left. */
  #excludesFlows(input: Section): string[] {
    const globs = input.properties.get("exclude_path")?.value.split(",") ?? [];
    const files = this.#flowFiles(input);
    const takes = (glob: string) => files.some((file) => excludeTakes(glob, file));
    const isLeft = files.some((file) => !globs.some((glob) => excludeTakes(glob, file)));
    return isLeft ? [] : globs.filter(takes);
  }

  /** Whether records of an input reach a filter or an output. */
  #flows(input: Section, to: Section): boolean {
    if (to.input) return to.input === input;
    const match = to.properties.get("match")?.value;
    if (match === undefined || to.properties.has("match_regex") || !known(match)) return true;
    const tag = input.properties.get("tag")?.value ?? "tail.*";
    return !known(tag) || couldMatch(tag, match);
  }

  #sections(kind: Section["kind"], plugin: string): Section[] {
    return this.configuration.sections.filter((section) => section.kind === kind && section.plugin === plugin);
  }

  #service(key: string): string | undefined {
    return this.configuration.sections.find(({ kind }) => kind === "service")?.properties.get(key)?.value;
  }

  #say(severity: Finding["severity"], line: number, message: string, remedy: string): void {
    this.findings.push({ severity, file: this.file, line, message, remedy });
  }
}

/** Whether a value stands there as it is, and not as a variable. */
function known(value: string): boolean {
  return !value.includes("${");
}

/**
 * Compares a table with the columns that rows have.
 * @param text what `.show table HubbleFlows cslschema` gives, or any text with `Name:type` pairs.
 */
export function checkTable(text: string, file: string): Finding[] {
  const types = new Map(
    [...text.matchAll(/\b(\w+)\s*:\s*(\w+)/g)].map(([, name, type]) => [name!, type!.toLowerCase()]),
  );
  const upgrade = "run adx/schema.kql again: it adds what is missing";
  const error = (message: string, remedy: string): Finding => ({ severity: "error", file, line: 1, message, remedy });
  const { columns } = loadSchema();
  const missing = columns.map(({ name }) => name).filter((name) => !types.has(name));
  const [one, ...more] = missing;
  const whatIsMissing =
    more.length === 0 ? `column ${one}: its values are lost` : `columns ${all(missing)}: their values are lost`;
  return [
    ...(missing.length > 0 ? [error(`the table has no ${whatIsMissing}`, upgrade)] : []),
    ...columns.flatMap(({ name, type }) => {
      const given = types.get(name);
      if (given === undefined || given === type) return [];
      const message = `the column ${name} is ${given}, and should be ${type}: its values become null`;
      return [error(message, `rename the column and ${upgrade}`)];
    }),
  ];
}
