import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { embeddedRows } from "./support/embedded-rows.js";
import {
  criRegexParser,
  findFluentBit,
  jsonLines,
  jsonParser,
  run,
  runPipeline,
  type Pipeline,
  type Plugin,
} from "./support/fluent-bit.js";
import { filterFunctions } from "./support/modules.js";

declare module "vitest" {
  interface TaskMeta {
    /** A hash of each row that came out, for `npm run compatibility` to hold those of one Fluent Bit against another's. */
    rows?: string[];
  }
}

const fluentBit = findFluentBit();
if (!fluentBit) {
  console.warn("No Fluent Bit (fluent-bit on PATH, or named by FLUENT_BIT): the end-to-end tests are skipped.");
}

const root = fileURLToPath(new URL("..", import.meta.url));
const golden = new URL("fixtures/golden/", import.meta.url);

/** The filter in each form that this Fluent Bit loads: its AOT objects are those of WAMR 2.4, in 4.1 and later. */
const modules = [
  `${root}build/hubble-adx.wasm`,
  `${root}build/hubble-adx.${process.arch === "arm64" ? "aarch64" : "x86_64"}.aot`,
].filter((file, index) => index === 0 || (existsSync(file) && !/^([0-3]\.|4\.0\.)/.test(fluentBit?.version ?? "")));

/** Lines that a Fluent Bit itself cannot carry, whatever the filter. */
const knownGaps = [
  {
    versions: /^[23]\./,
    lines: /\\u[dD][89abAB]/,
    reason: "its JSON decoder takes the halves of an escaped surrogate pair for two characters; Cilium writes none",
  },
];

const lines = readdirSync(golden)
  .filter((name) => name.endsWith(".log"))
  .flatMap((name) => readFileSync(new URL(name, golden), "utf8").trimEnd().split("\n"))
  .filter((line) => !knownGaps.some((gap) => gap.versions.test(fluentBit?.version ?? "") && gap.lines.test(line)));
const cri = (text: string, tag = "F") => `2026-01-02T03:04:05.060700Z stdout ${tag} ${text}\n`;
const criLog = lines.map((line) => cri(line)).join("");

/** Ways in which a flow reaches the filter, each with what makes it so. */
const shapes: Record<string, Pipeline> = {
  "a regex parser's message": { input: criLog, tail: { parser: "cri_regex" }, parsers: [criRegexParser] },
  "multiline.parser cri's log": { input: criLog, tail: { "multiline.parser": "cri" } },
  "no parser: the raw line under log": { input: criLog },
  "message renamed by modify": {
    input: criLog,
    tail: { parser: "cri_regex" },
    parsers: [criRegexParser],
    filters: [
      {
        name: "modify",
        rename: ["message LogMessage", "time TimeGenerated"],
        add: ["Cluster aks-1", "Region westeurope"],
      },
    ],
  },
  "merged by filter parser": {
    input: criLog,
    tail: { parser: "cri_regex" },
    parsers: [criRegexParser, jsonParser],
    filters: [{ name: "parser", key_name: "message", parser: "json", reserve_data: true }],
  },
  "merged, the text preserved": {
    input: criLog,
    tail: { "multiline.parser": "cri" },
    parsers: [jsonParser],
    filters: [{ name: "parser", key_name: "log", parser: "json", reserve_data: true, preserve_key: true }],
  },
  "merged one level down": {
    input: criLog,
    tail: { parser: "cri_regex" },
    parsers: [criRegexParser, jsonParser],
    filters: [
      { name: "parser", key_name: "message", parser: "json", reserve_data: true },
      { name: "nest", operation: "nest", wildcard: ["flow", "node_name", "zone", "lost_events"], nest_under: "hubble" },
    ],
  },
  "the exporter's own file with a json parser": {
    input: lines.map((line) => `${line}\n`).join(""),
    tail: { parser: "json" },
    parsers: [jsonParser],
  },
};

const wasm = (wasm_path: string, function_name: string): Plugin => ({ name: "wasm", wasm_path, function_name });
const withFilter = (pipeline: Pipeline, filter: Plugin): Pipeline => ({
  ...pipeline,
  filters: [...(pipeline.filters ?? []), filter],
});

/**
 * Rows without the record's timestamp: an input that parses no time gives the moment of reading, other in each run.
 * Where TimeGenerated is that timestamp, it is checked here.
 */
function withoutRecordTime(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  return rows.map(({ "@time": time, ...row }) => {
    const microseconds = (time as string).slice(0, -1);
    return typeof row.TimeGenerated === "string" && row.TimeGenerated.startsWith(microseconds)
      ? { ...row, TimeGenerated: "the record's" }
      : row;
  });
}

function hashOf(row: Record<string, unknown>): string {
  const text = JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)));
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

/** A log without complaints of the filter or of what comes behind it. */
const isQuiet = (log: string) => !/\[ *(error|warn)\].*(wasm|filter|json)/i.test(log);

describe.skipIf(!fluentBit)(`end to end on Fluent Bit ${fluentBit?.version}`, () => {
  describe.each(modules.map((module) => [module.slice(root.length), module]))("%s", (_, module) => {
    describe.concurrent.each(Object.entries(shapes))("%s", (_, pipeline) => {
      test("rows are those of the embedded host, in every function", { timeout: 120_000 }, async ({ task, expect }) => {
        task.meta.rows = [];
        // A Fluent Bit takes a second to end, of which it sleeps nearly all.
        const [{ records }, ...runs] = await Promise.all([
          runPipeline(fluentBit!, pipeline),
          ...filterFunctions.map((name) => runPipeline(fluentBit!, withFilter(pipeline, wasm(module, name)))),
        ]);
        expect(records.length).toBeGreaterThan(40);
        for (const [index, name] of filterFunctions.entries()) {
          const { records: rows, log } = runs[index]!;
          const expected = embeddedRows(records, name);
          expect(expected.length).toBeGreaterThan(20);
          expect(withoutRecordTime(rows)).toEqual(withoutRecordTime(expected));
          task.meta.rows.push(...withoutRecordTime(rows).map(hashOf));
          expect(log).toSatisfy(isQuiet);
        }
      });
    });

    test("a flow that the container runtime cut into parts is one row", async () => {
      const labels = Array.from({ length: 900 }, (_, index) => `k8s:label-${index}=value`);
      const line = JSON.stringify({ flow: { verdict: "DROPPED", source: { labels } } });
      const parts = [line.slice(0, 16384), line.slice(16384)];
      const { records } = await runPipeline(fluentBit!, {
        input: cri(parts[0]!, "P") + cri(parts[1]!),
        tail: { "multiline.parser": "cri" },
        filters: [wasm(module, "hubble_flows")],
      });
      expect(records).toEqual([expect.objectContaining({ Verdict: "DROPPED", SourceLabels: labels })]);
    });

    test("a record of 16 MiB is a row, and so is the next", { timeout: 120_000 }, async () => {
      const url = "x".repeat(16 * 1024 * 1024 - 200);
      const input = [url, "short"]
        .map((text) => cri(JSON.stringify({ flow: { l7: { http: { url: text } } } })))
        .join("");
      const { records, log } = await runPipeline(fluentBit!, {
        input,
        tail: { "multiline.parser": "cri" },
        filters: [wasm(module, "hubble_flows")],
      });
      expect(records.map((row) => (row.HTTPURL as string).length)).toEqual([url.length, 5]);
      expect(log).toSatisfy(isQuiet);
    });

    test.skipIf(fluentBit?.version.startsWith("3."))("as a processor of a threaded input", async () => {
      const { records } = await runPipeline(fluentBit!, {
        input: criLog,
        tail: {
          "multiline.parser": "cri",
          threaded: true,
          processors: { logs: [wasm(module, "hubble_flows")] },
        },
      });
      const { records: plain } = await runPipeline(fluentBit!, shapes["multiline.parser cri's log"]!);
      expect(records).toEqual(embeddedRows(plain, "hubble_flows"));
    });
  });

  test.each(["local.yaml", "local.conf"])("fluent-bit/%s prints the rows of the sample log", async (file) => {
    const { stdout, log } = await run(fluentBit!.path, ["-c", `fluent-bit/${file}`], { cwd: root });
    const rows = jsonLines(stdout);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.every((row) => typeof row.TimeGenerated === "string")).toBe(true);
    expect(log).toSatisfy(isQuiet);
  });
});
