import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkTable } from "../tools/doctor/check-table.js";
import { checkFluentBit } from "../tools/doctor/check.js";
import { couldMatch, excludeTakes, pathTakes } from "../tools/doctor/match.js";
import { loadSchema } from "../tools/schema.js";
import { good } from "./support/good-configuration.js";
import { command } from "./support/command.js";

/** The same as a classic configuration, with the filter as one of its own. */
const classic = `[SERVICE]
    storage.path /var/lib/hubble-adx/storage

[INPUT]
    Name tail
    Path /var/log/containers/cilium-*_kube-system_cilium-agent-*.log
    Tag hubble
    Multiline.Parser cri
    DB /var/lib/hubble-adx/positions.db
    Storage.Type filesystem

[FILTER]
    Name wasm
    Match hubble
    WASM_Path /fluent-bit/wasm/hubble-adx.wasm
    Function_Name hubble_flows

[OUTPUT]
    Name azure_kusto
    Match *
    Auth_Type managed_identity
    Client_Id system
    Ingestion_Endpoint https://ingest-a.westeurope.kusto.windows.net
    Database_Name Kubernetes
    Table_Name HubbleFlows
    Ingestion_Mapping_Reference HubbleFlowsMapping
    Retry_Limit False
`;

const said = (text: string, file: string) =>
  checkFluentBit(text, file).map(
    ({ line, severity, message, remedy }) => `${line} ${severity}: ${message} | ${remedy}`,
  );

test.each([
  ["YAML", good, "a.yaml"],
  ["classic", classic, "a.conf"],
])("a good configuration (%s) has nothing to be said about", (_, text, file) => {
  expect(said(text, file)).toEqual([]);
});

test.each(["fluent-bit.yaml", "fluent-bit.conf", "with-agent-log.yaml", "existing-pipeline.conf"])(
  "the shipped %s has nothing to be said about",
  (file) => {
    const text = readFileSync(new URL(`../fluent-bit/${file}`, import.meta.url), "utf8");
    expect(said(text, file)).toEqual([]);
  },
);

test.each(["local.yaml", "local.conf"])("the shipped %s is a trial: nothing in it would lose flows", (file) => {
  const text = readFileSync(new URL(`../fluent-bit/${file}`, import.meta.url), "utf8");
  expect(said(text, file)).toEqual([expect.stringMatching(/^\d+ note: rows go to stdout only/)]);
  // Its filter is looked at all the same.
  expect(said(text.replace("hubble_flows", "hubble_flow"), file)[0]).toMatch(/error: the module has no function/);
});

test("a pipeline without any output is no trial", () => {
  expect(said(good.replace(/ {2}outputs:[^]*/, ""), "a.yaml")).toContainEqual(
    expect.stringMatching(/^1 error: there is no azure_kusto output/),
  );
});

test.each<[string, string | RegExp, string, RegExp]>([
  [
    "misspelt function",
    "function_name: hubble_flows",
    "function_name: hubble_flow",
    /^16 error: .*every record is lost.*did you mean "hubble_flows"\?/,
  ],
  ["no function", /\n.*function_name: hubble_flows/, "", /^14 error: function_name is missing/],
  ["no path", /\n.*wasm_path.*/, "", /^14 error: wasm_path is missing/],
  [
    "msgpack",
    "function_name: hubble_flows",
    "function_name: hubble_flows\n            event_format: msgpack",
    /^17 error: event_format msgpack/,
  ],
  ["no filter", /\n {6}processors[^]*(?=\n {2}outputs)/, "", /^1 error: there is no wasm filter/],
  ["parts not joined", /\n.*multiline.parser: cri/, "", /^6 warning: lines over 16 KiB/],
  ["no positions", /\n.*db: .*/, "", /^6 warning: without db/],
  ["memory only", /\n.*storage.type: .*/, "", /^6 warning: chunks are kept in memory only/],
  ["no storage path", /\n.*storage.path: .*/, "", /^5 error: storage.type filesystem without storage.path/],
  [
    "another path",
    "cilium-*_kube-system_cilium-agent-*.log",
    "shop-*.log",
    /^6 error: no tail input reads the log of Cilium's agent/,
  ],
  [
    "excluded again",
    "tag: hubble",
    'tag: hubble\n      exclude_path: "*_kube-system_*.log"',
    /^9 error: exclude_path \*_kube-system_\*\.log takes the log with the flows out/,
  ],
  ["output matches nothing", "match: hubble", "match: kube.*", /^18 error: no azure_kusto output matches/],
  [
    "log_key",
    "table_name: HubbleFlows",
    "table_name: HubbleFlows\n      log_key: data",
    /^26 error: the mapping reads \$\.log/,
  ],
  ["no mapping", /\n.*ingestion_mapping_reference.*/, "", /^18 error: without ingestion_mapping_reference/],
  [
    "misspelt mapping",
    "HubbleFlowsMapping",
    "HubbleFlowMapping",
    /^26 warning: adx\/setup\.kql makes no mapping HubbleFlowMapping.*did you mean "HubbleFlowsMapping"\?/,
  ],
  [
    "another table",
    "table_name: HubbleFlows",
    "table_name: Flows",
    /^25 warning: adx\/setup\.kql makes no table Flows/,
  ],
  [
    "the output's own buffer",
    "retry_limit: no_limits",
    "retry_limit: no_limits\n      buffering_enabled: on",
    /^28 warning: with buffering_enabled .* three failures/,
  ],
  ["no table", /\n.*table_name.*/, "", /^18 error: table_name is missing/],
  [
    "query endpoint",
    "${ADX_INGESTION_ENDPOINT}",
    "https://a.kusto.windows.net",
    /^23 error: https:\/\/a\.kusto\.windows\.net is not the cluster's ingestion URI/,
  ],
  ["no client", /\n.*client_id.*/, "", /^18 error: auth_type workload_identity needs client_id/],
  [
    "wrong auth_type",
    "workload_identity",
    "workload_identy",
    /^20 error: there is no auth_type workload_identy \| did you mean "workload_identity"\?/,
  ],
  ["default retries", /\n.*retry_limit.*/, "", /^18 warning: chunks are thrown away after the first retry/],
  ["few retries", "no_limits", "5", /^27 warning: chunks are thrown away after 5 retries/],
  ["an include", "service:", "includes:\n  - more.yaml\nservice:", /^2 note: more\.yaml is included/],
  ["the token in the log", "\n  log_level: warn", "", /^19 warning: at log_level info .* token/],
])("%s", (_, from, to, expected) => {
  const text = good.replace(from, to);
  expect(text).not.toBe(good);
  const found = said(text, "a.yaml");
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(expected);
});

describe("the module", () => {
  const withModule = (bytes: Uint8Array | undefined) =>
    checkFluentBit(good, "a.yaml", () => bytes).map(({ line, severity, message }) => `${line} ${severity}: ${message}`);

  test("is not looked at where it is not on this machine", () => {
    expect(withModule(undefined)).toEqual([]);
  });

  test("may be compiled ahead of time", () => {
    expect(withModule(Buffer.from("\0aot1234"))).toEqual([]);
  });

  test("must be WebAssembly", () => {
    expect(withModule(Buffer.from("404: Not Found"))).toEqual([
      "15 error: /fluent-bit/wasm/hubble-adx.wasm is no WebAssembly module",
    ]);
  });

  test("must export the function", () => {
    expect(withModule(Buffer.from("0061736d01000000", "hex"))).toEqual([
      "16 error: /fluent-bit/wasm/hubble-adx.wasm exports no function hubble_flows: every record is lost",
    ]);
  });
});

test("a classic configuration whose filter misses the agent's tag, with the line", () => {
  expect(said(classic.replace("Match hubble", "Match kube.*"), "a.conf")).toEqual([
    expect.stringMatching(/^12 error: no wasm filter matches the tag/),
  ]);
});

test("a pipeline for all pods that leaves kube-system out has no input for the agent", () => {
  const text = `[INPUT]
    Name tail
    Path /var/log/containers/*.log
    Exclude_Path /var/log/containers/*_kube-system_*.log
    Tag kube.*
`;
  expect(said(text, "a.conf")).toContainEqual(
    expect.stringMatching(/^4 error: exclude_path .* flows out again \| give that log an input of its own/),
  );
});

describe("where flows lie", () => {
  const agentLog = "/var/log/containers/cilium-*_kube-system_cilium-agent-*.log";

  test("the log of a pod that runs hubble observe does", () => {
    const text = good.replace(agentLog, "/var/log/containers/hubble-observe-*.log");
    expect(checkFluentBit(text, "f.yaml")).toEqual([]);
    const [finding] = checkFluentBit(text.replace("\n      multiline.parser: cri", ""), "f.yaml");
    expect(finding).toMatchObject({ severity: "warning", remedy: "add multiline.parser cri" });
  });

  test("what else is excluded does not matter as long as one is left", () => {
    const text = good
      .replace(agentLog, "/var/log/containers/*.log")
      .replace("tag: hubble\n", 'tag: hubble\n      exclude_path: "*_hubble-observe-*"\n');
    expect(checkFluentBit(text, "f.yaml").filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("another pod's log is none of them", () => {
    const [finding] = checkFluentBit(good.replace(agentLog, "/var/log/containers/nginx-*.log"), "f.yaml");
    expect(finding).toMatchObject({
      severity: "error",
      message: expect.stringContaining("no tail input reads") as string,
    });
  });
});

describe("tags and paths", () => {
  test.each([
    ["hubble", "hubble", true],
    ["hubble", "*", true],
    ["kube.*", "kube.var.log.*", true],
    ["kube.*", "hubble.*", false],
    ["tail.*", "*.0", true],
    ["a", "ab", false],
  ])("tag %s, match %s: %s", (tag, match, expected) => {
    expect(couldMatch(tag, match)).toBe(expected);
  });

  test("a path's * stays in its folder, an exclude's does not", () => {
    expect(pathTakes("/var/log/*.log", "/var/log/a/b.log")).toBe(false);
    expect(excludeTakes("/var/log/*.log", "/var/log/a/b.log")).toBe(true);
    expect(excludeTakes("*_kube-system_*", "/var/log/containers/a_kube-system_b.log")).toBe(true);
  });
});

describe("the table", () => {
  const schema = loadSchema()
    .columns.map(({ name, type }) => `${name}:${type}`)
    .join(", ");

  test("as the script makes it", () => {
    expect(checkTable(`HubbleFlows,"${schema}",Kubernetes`, "t")).toEqual([]);
  });

  test("a column that is missing, and one of another type", () => {
    expect(
      checkTable(schema.replace("Verdict:string, ", "").replace("SourcePort:int", "SourcePort:string"), "t"),
    ).toMatchObject([
      { severity: "error", message: "the table has no column Verdict: its values are lost" },
      { severity: "error", message: "the column SourcePort is string, and should be int: its values become null" },
    ]);
  });

  test("all columns that are missing are said once", () => {
    const [missing, ...others] = checkTable("TimeGenerated:datetime", "t");
    expect(others).toEqual([]);
    expect(missing!.message).toMatch(/^the table has no columns Verdict, DropReason, .* and RawMessage: their values/);
  });
});

test("the command looks at all three files, and its exit code tells", async () => {
  const folder = mkdtempSync(join(tmpdir(), "doctor-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const doctor = (...args: string[]) => command(["doctor", ...args]);
  const config = file("fluent-bit.yaml", good);
  expect(await doctor(config)).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing found") as string });
  const all = await doctor(
    config,
    "--flow-logs",
    file("f.yaml", "flowLogs:\n- name: a\n"),
    "--table",
    file("t.csv", "Verdict:string"),
  );
  expect(all.code).toBe(1);
  expect(all.stdout).toMatch(/f\.yaml:2: error: a flow log needs a filePath/);
  expect(all.stdout).toMatch(/t\.csv:1: error: the table has no columns TimeGenerated/);
  expect(await doctor(join(folder, "none.yaml"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("cannot read") as string,
  });
});
