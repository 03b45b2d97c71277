import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkFluentBit } from "../tools/doctor/check.js";
import { good } from "./support/good-configuration.js";

const said = (text: string, file = "f.yaml", version?: string) =>
  checkFluentBit(text, file, undefined, version).map(
    ({ line, severity, message }) => `${line} ${severity}: ${message}`,
  );

const agentLog = "/var/log/containers/cilium-*_kube-system_cilium-agent-*.log";

/** The input of a file of the exporter as it is shipped: paths stand on line 7, the input on line 6. */
const ofFile = (path: string, more = "refresh_interval: 1\n      rotate_wait: 120\n      read_from_head: true") =>
  good.replace(agentLog, path).replace("multiline.parser: cri", more);

const folders = new URL("../fluent-bit/kubernetes/", import.meta.url);
const shipped = readdirSync(folders).flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, folders))
    .filter((file) => /^fluent-bit\.(conf|yaml)$/.test(file))
    .map((file) => `${folder}/${file}`),
);

test("all sources are shipped in both forms", () => {
  const sources = parse(readFileSync(new URL("../sources.yaml", folders), "utf8")) as { folder: string }[];
  const forms = sources.flatMap(({ folder }) => [`${folder}/fluent-bit.conf`, `${folder}/fluent-bit.yaml`]);
  expect(shipped.sort()).toEqual(forms.sort());
});

test.each(shipped)("the shipped %s has nothing to be said about", (file) => {
  expect(said(readFileSync(new URL(file, folders), "utf8"), file)).toEqual([]);
});

describe("a file of the exporter", () => {
  test.each(["/var/log/acns/hubble/events.log", "/var/run/cilium/hubble/events.log", "/data/hubble-flows.log"])(
    "%s, as it is shipped",
    (path) => {
      expect(said(ofFile(path))).toEqual([]);
    },
  );

  test("left to Fluent Bit's defaults loses lines in a rotation, and at the start", () => {
    expect(said(ofFile("/var/log/acns/hubble/events.log", "mem_buf_limit: 50M"))).toEqual([
      expect.stringMatching(/^6 warning: a new file is noticed after up to 60 s/),
      expect.stringMatching(/^6 warning: a renamed file is left after 5 s/),
      expect.stringMatching(/^6 warning: without read_from_head/),
    ]);
  });

  test.each([
    ["refresh_interval: 1", "refresh_interval: 1m", /^9 warning: a new file is noticed after up to 60 s/],
    ["rotate_wait: 120", "rotate_wait: 10s", /^10 warning: a renamed file is left after 10 s/],
    ["read_from_head: true", "read_from_head: off", /^11 warning: without read_from_head/],
    [
      "rotate_wait: 120",
      "rotate_wait: 120\n      multiline.parser: docker, cri",
      /^11 warning: multiline.parser docker/,
    ],
    ["rotate_wait: 120", "rotate_wait: 120\n      parser: cri", /^11 warning: parser cri on a file of the exporter/],
  ])("%s → %s", (from, to, expected) => {
    expect(said(ofFile("/var/log/acns/hubble/events.log").replace(from, to))).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test.each(["/var/log/acns/hubble/events*.log", "/var/log/acns/hubble/*.log", "/data/hubble*.log"])(
    "%s takes the backups too",
    (path) => {
      expect(said(ofFile(path))).toEqual([expect.stringMatching(/^7 warning: .* takes the exporter's backups too/)]);
      expect(said(ofFile(path).replace("tag: hubble", "tag: hubble\n      exclude_path: '*-20*.log'"))).toEqual([]);
    },
  );
});

describe("an AOT object", () => {
  const withObject = good.replace("hubble-adx.wasm", "hubble-adx.x86_64.aot");
  const rule = (text: string) =>
    withObject.replace("  outputs:", `  filters:\n    - name: grep\n      match: hubble\n      ${text}\n  outputs:`);

  test.each(["regex: TimeGenerated ^\\d", "Regex: $TimeGenerated ^20"])("with %s behind it", (text) => {
    expect(said(rule(text))).toEqual([]);
  });

  test.each([
    ["no rule", withObject],
    ["a rule that leaves out", rule("exclude: TimeGenerated ^1970")],
    ["a rule for something else", rule("regex: Verdict .")],
  ])("with %s", (_, text) => {
    expect(said(text)).toEqual([expect.stringMatching(/^15 warning: .* lets every record through unfiltered/)]);
  });
});

describe("two inputs", () => {
  const second = (path: string, tag: string) =>
    good.replace(
      "  outputs:",
      `    - name: tail
      path: ${path}
      tag: ${tag}
      db: /var/lib/hubble-adx/second.db
      storage.type: filesystem
      refresh_interval: 1
      rotate_wait: 120
      read_from_head: true
      processors:
        logs:
          - name: wasm
            wasm_path: /fluent-bit/wasm/hubble-adx.wasm
            function_name: hubble_flows
  outputs:`,
    );

  test("the agent's log and a file with the same flow log are rows twice", () => {
    expect(said(second("/var/run/cilium/hubble/events.log", "hubble"))).toEqual([
      expect.stringMatching(/^17 warning: line 6's input reads flows too/),
    ]);
  });

  test("another pod's log is no flow log", () => {
    const found = said(second("/var/log/containers/nginx-*.log", "nginx"));
    expect(found.filter((finding) => finding.includes("reads flows too"))).toEqual([]);
  });
});

describe("what a filter in front takes away", () => {
  const before = (filter: string) => good.replace("          - name: wasm", `${filter}\n          - name: wasm`);
  const processor = (...lines: string[]) =>
    before(lines.map((line, i) => `${i === 0 ? "          - " : "            "}${line}`).join("\n"));

  test.each([
    ["modify", ["name: modify", "rename: log event"], /^15 error: modify takes the line from under its key log/],
    ["modify of several", ["name: modify", "rename:", "  - stream s", "  - log event"], /^17 error: modify takes/],
    ["remove", ["name: modify", "remove: log"], /^15 error: modify takes/],
    ["on a condition", ["name: modify", "condition: Key_exists a", "rename: log event"], /^16 warning: modify takes/],
    ["record_modifier", ["name: record_modifier", "allowlist_key: time"], /^15 error: record_modifier takes/],
    ["nest", ["name: nest", "operation: nest", "wildcard: '*'", "nest_under: data"], /^16 error: nest takes/],
  ])("%s", (_, lines, expected) => {
    expect(said(processor(...lines))).toEqual([expect.stringMatching(expected)]);
  });

  test.each([
    ["to a key that the filter knows", ["name: modify", "rename: log message"]],
    ["another key", ["name: modify", "rename: stream s", "add: log2 a"]],
    ["lifting", ["name: nest", "operation: lift", "nested_under: kubernetes"]],
  ])("nothing: %s", (_, lines) => {
    expect(said(processor(...lines))).toEqual([]);
  });

  test("behind the wasm filter nothing is lost", () => {
    const text = good.replace(
      "            function_name: hubble_flows",
      "$&\n          - name: modify\n            remove: log",
    );
    expect(said(text)).toEqual([]);
  });

  const multiline = (rule: string) =>
    `multiline_parsers:
  - name: all
    type: regex
    rules:
      - state: start_state
        regex: '/^time=/'
        next_state: cont
      - state: cont
        regex: '${rule}'
        next_state: cont
${processor("name: multiline", "multiline.parser: go, all")}`;

  test("a multiline parser whose continuation takes every line", () => {
    expect(said(multiline("/^.*/"))).toEqual([
      expect.stringMatching(/^8 error: the multiline parser all takes a flow for the continuation/),
    ]);
    expect(said(multiline("/^\\s+at /"))).toEqual([]);
  });

  test("the same in a classic file", () => {
    const text = `[MULTILINE_PARSER]
    name all
    type regex
    rule "start_state" "/^time=/" "cont"
    rule "cont" "/^(?!\\d).*/" "cont"
[SERVICE]
    storage.path /s
[INPUT]
    name tail
    path ${agentLog}
    tag hubble
    multiline.parser cri
    db /d
    storage.type filesystem
[FILTER]
    name multiline
    match *
    multiline.parser all
[FILTER]
    name wasm
    match *
    wasm_path /a.wasm
    function_name hubble_flows
`;
    expect(said(text, "f.conf")).toContainEqual(expect.stringMatching(/^5 error: the multiline parser all/));
  });
});

describe("other pods' logs", () => {
  const shared = (functionName: string, outputs: string) => `[SERVICE]
    storage.path /s
    log_level warn
[INPUT]
    name tail
    path /var/log/containers/*.log
    tag kube.*
    multiline.parser cri
    db /d
    storage.type filesystem
[FILTER]
    name wasm
    match kube.*
    wasm_path /a.wasm
    function_name ${functionName}
[OUTPUT]
    name azure_kusto
    match kube.*
    auth_type managed_identity
    client_id system
    ingestion_endpoint https://ingest-a.westeurope.kusto.windows.net
    database_name Kubernetes
    table_name HubbleFlows
    ingestion_mapping_reference HubbleFlowsMapping
    retry_limit no_limits
${outputs}`;
  const elsewhere = "[OUTPUT]\n    name loki\n    match kube.*\n";

  test("are lost to another output", () => {
    expect(said(shared("hubble_flows", elsewhere), "f.conf")).toEqual([
      expect.stringMatching(/^15 error: hubble_flows drops what is no flow: the output loki \(line 26\)/),
    ]);
  });

  test("are kept by hubble_flows_keep, and missed by nobody where there is no other output", () => {
    expect(said(shared("hubble_flows_keep", elsewhere), "f.conf")).toEqual([]);
    expect(said(shared("hubble_flows", ""), "f.conf")).toEqual([]);
  });
});

describe("the Fluent Bit that runs", () => {
  test.each([
    ["4.0.1", /Fluent Bit 4\.0\.1 frees memory twice/],
    ["4.0.2", undefined],
    ["5.1.1", undefined],
  ])("%s", (version, expected) => {
    expect(said(good, "f.yaml", version)).toEqual(expected ? [expect.stringMatching(expected)] : []);
  });

  test("4.0.2 at debug", () => {
    const found = said(good.replace("log_level: warn", "log_level: debug"), "f.yaml", "4.0.2");
    expect(found).toContainEqual(expect.stringMatching(/4\.0\.2 can crash at log_level debug/));
  });
});
