import type { Finding } from "../exporter/finding.js";
import { sortFindings } from "../exporter/finding.js";
import { suggestion } from "../exporter/words.js";
import { loadSchema } from "../schema.js";
import { couldMatch, excludeTakes, pathTakes } from "./match.js";
import { readFluentBit } from "./read-fluent-bit.js";
import type { FluentBitConfiguration, Section } from "./read-fluent-bit.js";

/** The functions that the filter's module exports. */
const FUNCTIONS = ["hubble_flows", "hubble_flows_keep", "hubble_events"];

/** A name such as the log of Cilium's agent has on a node. */
const AGENT_LOG = "/var/log/containers/cilium-x7x2v_kube-system_cilium-agent-0123456789abcdef.log";

/**
 * Says what in a Fluent Bit configuration would keep Hubble flows from arriving in Azure Data Explorer whole.
 * @param text the configuration, YAML or classic by the file's name.
 */
export function checkFluentBit(text: string, file: string): Finding[] {
  const configuration = readFluentBit(text, file);
  const check = new Check(configuration, file);
  check.run();
  return sortFindings([...configuration.findings, ...check.findings]);
}

class Check {
  readonly findings: Finding[] = [];

  constructor(
    private readonly configuration: FluentBitConfiguration,
    private readonly file: string,
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
    const agentInputs = inputs.filter((input) => this.#readsAgentLog(input));
    if (inputs.length > 0 && agentInputs.length === 0 && !hasIncludes) {
      this.#say(
        "error",
        inputs[0]!.line,
        "no tail input reads the log of Cilium's agent",
        "add one with path /var/log/containers/cilium-*_kube-system_cilium-agent-*.log",
      );
    }
    for (const input of agentInputs) this.#checkInput(input, filters);
    const outputs = this.#sections("output", "azure_kusto");
    if (outputs.length === 0 && !hasIncludes) {
      this.#say("error", 1, "there is no azure_kusto output", "add it");
    }
    for (const output of outputs) this.#checkOutput(output);
    if (
      outputs.length > 0 &&
      agentInputs.length > 0 &&
      !agentInputs.some((input) => outputs.some((to) => this.#flows(input, to)))
    ) {
      this.#say(
        "error",
        outputs[0]!.line,
        "no azure_kusto output matches the tag of the agent's input",
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

  #checkInput(input: Section, filters: Section[]): void {
    const { properties } = input;
    const excluded = (properties.get("exclude_path")?.value ?? "")
      .split(",")
      .filter((glob) => excludeTakes(glob, AGENT_LOG));
    if (excluded.length > 0) {
      const { line } = properties.get("exclude_path")!;
      this.#say(
        "error",
        line,
        `exclude_path ${excluded.join(",")} takes the agent's log out again`,
        "give the agent's log an input of its own",
      );
    }
    if (
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
      const often = retries === "no_retries" ? "after the first failure" : `after ${retries} tries`;
      this.#say(
        "warning",
        at("retry_limit"),
        `chunks are thrown away ${often}: an outage loses flows`,
        "write retry_limit no_limits",
      );
    }
  }

  #readsAgentLog({ properties }: Section): boolean {
    return (properties.get("path")?.value ?? "").split(",").some((glob) => known(glob) && pathTakes(glob, AGENT_LOG));
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
  return loadSchema().columns.flatMap(({ name, type }): Finding[] => {
    const given = types.get(name);
    if (given === type) return [];
    const message =
      given === undefined
        ? `the table has no column ${name}: its values are lost`
        : `the column ${name} is ${given}, and should be ${type}: its values become null`;
    const remedy = given === undefined ? upgrade : `rename the column and ${upgrade}`;
    return [{ severity: "error", file, line: 1, message, remedy }];
  });
}
