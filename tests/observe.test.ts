import { readFileSync } from "node:fs";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import { addFilterOptions } from "../tools/commands/filter-options.js";
import { compose } from "../tools/exporter/compose.js";
import { readRawFilters } from "../tools/exporter/raw-filters.js";
import { asJson, selectLines } from "../tools/exporter/select.js";
import { command } from "./support/command.js";

/** What `hubble observe` of Cilium 1.20.2 makes of its options (`npm run cilium:fixtures`). */
const cases = JSON.parse(readFileSync(new URL("fixtures/cilium-1.20.2/observe.json", import.meta.url), "utf8")) as {
  arguments: string[];
  error?: string;
  filters: string;
}[];

function filtersOf(args: string[]) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  const filters = addFilterOptions(command);
  command.parse(args, { from: "user" });
  return filters.get();
}

/** Without what protocol buffers leave out of their JSON: empty strings and zeros. */
const plain = (filter: object): unknown =>
  JSON.parse(JSON.stringify(filter), (_, value: unknown) => (value === "" || value === 0 ? undefined : value));

/** Members of lists have no name to be left out by. */
const comparable = (filter: object) => {
  const { source_pod, destination_pod, source_service, destination_service, http_path, ...rest } = filter as Record<
    string,
    unknown
  >;
  return { names: [source_pod, destination_pod, source_service, destination_service, http_path], rest: plain(rest) };
};

describe("the options of hubble observe", () => {
  test.each(cases)("$arguments", ({ arguments: args, error, filters }) => {
    if (error !== undefined) {
      expect(() => filtersOf(args)).toThrow();
      return;
    }
    const theirs = readRawFilters(filters, "fixture");
    const ours = filtersOf(args);
    expect(ours.include.map((one) => comparable(asJson(one)))).toEqual(theirs.include.map(comparable));
    expect(ours.exclude.map((one) => comparable(asJson(one)))).toEqual(theirs.exclude.map(comparable));
  });

  test("some are refused, most are not", () => {
    const refused = cases.filter(({ error }) => error !== undefined).length;
    expect(refused).toBeGreaterThan(15);
    expect(cases.length - refused).toBeGreaterThan(100);
  });
});

describe("times", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  const line = (time: string) => JSON.stringify({ flow: { time } });
  const passes = (option: object, time: string) =>
    selectLines({ include: [], exclude: [], ...option }, now)(line(time));

  test.each([
    ["5m", "2026-01-01T11:55:00Z", "2026-01-01T11:54:59.999Z"],
    ["2026-01-01", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59.999Z"],
    ["2026-01-01T10Z", "2026-01-01T10:00:00Z", "2026-01-01T09:59:59Z"],
    ["2026-01-01T10:30+01:00", "2026-01-01T09:30:00Z", "2026-01-01T09:29:59Z"],
    ["2026-01-01T10:30:00.5Z", "2026-01-01T10:30:00.5Z", "2026-01-01T10:30:00.499Z"],
    ["Thu, 01 Jan 2026 10:00:00 +0000", "2026-01-01T10:00:00Z", "2026-01-01T09:59:59Z"],
  ])("since %s", (since, at, before) => {
    expect([passes({ since }, at), passes({ since }, before)]).toEqual([true, false]);
    expect([passes({ until: since }, at), passes({ until: since }, before)]).toEqual([true, true]);
    expect(passes({ until: since }, "2026-01-01T13:00:00Z")).toBe(false);
  });

  test("what is no time is refused", () => {
    expect(() => passes({ since: "yesterday" }, "")).toThrow("--since yesterday is no time");
  });
});

test("what Cilium refuses is refused, with a remedy", () => {
  expect(() => selectLines(filtersOf(["--port", "http"]), new Date())).toThrow('source_port: "http" is no port: write');
  expect(() => selectLines(filtersOf(["--protocol", "kafka"]), new Date())).toThrow(
    "no longer knows the protocol kafka",
  );
});

describe("the command line", () => {
  const sample = "fluent-bit/sample/cilium-agent.log";
  const verdicts = async (args: string[]) => {
    const { stdout } = await command([
      "flatten",
      "-q",
      "--format",
      "json",
      "--columns",
      "TimeGenerated,Verdict",
      ...args,
      sample,
    ]);
    return stdout.split("\n").filter(Boolean);
  };

  test("flatten gives the rows that pass, the first or the last of them", async () => {
    const all = await verdicts([]);
    const dropped = all.filter((row) => row.includes('"DROPPED"'));
    expect(dropped.length).toBeGreaterThan(20);
    expect(await verdicts(["--verdict", "DROPPED"])).toEqual(dropped);
    expect(await verdicts(["--not", "--verdict", "DROPPED"])).toEqual(
      all.filter((row) => row.includes('"Verdict"') && !row.includes('"DROPPED"')),
    );
    expect(await verdicts(["--verdict", "DROPPED", "--first", "3"])).toEqual(dropped.slice(0, 3));
    expect(await verdicts(["--verdict", "DROPPED", "--last", "3"])).toEqual(dropped.slice(-3));
    expect(await verdicts(["--verdict", "DROPPED", "--last", "999"])).toEqual(dropped);
    expect(await verdicts(["--uuid", "none", "--last", "3"])).toEqual([]);
  });

  test("explain tries a configuration, and reads standard input once", async () => {
    const tried = await command(["explain", "cilium/dynamic/dns.yaml", "--try", sample, "--nodes", "7"]);
    expect([tried.code, tried.stderr]).toEqual([0, ""]);
    expect(tried.stdout).toMatch(/exports +18 of 129 \(FORWARDED dns\)/);
    expect(tried.stdout).toContain("7 nodes");
    expect((await command(["explain", "-", "--try", "-"])).stderr).toContain("standard input is read once");
    expect((await command(["explain", "cilium/dynamic/dns.yaml", "--try", "no.log"])).stderr).toContain(
      "no.log: no such file",
    );
    expect((await command(["explain", "cilium/acns/dns.yaml", "--try", sample])).stderr).toContain(
      "they cannot be tried",
    );
  });
});

test("raw filters become a flow log's", () => {
  const text = `allowlist:\n  - '{"source_pod":["shop/"]}'\ndenylist:\n  - '{"experimental":{"cel_expression":["true"]}}'\n`;
  const rawFilters = readRawFilters(text, "f");
  const words = [{ name: "a", include: [[]], exclude: [], rawFilters }];
  const { yaml, findings } = compose(words, { format: "flowlogs" });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(yaml).toContain("includeFilters:\n      - source_pod:\n          - shop/\n");
  expect(yaml).toContain('cel_expression:\n            - "true"');
});

test.each([
  ["a: [", "is no YAML"],
  ["- a", "has no allowlist or denylist"],
  ["other: 1", 'has a key "other"'],
  ["allowlist: a", "allowlist is no list"],
  ["allowlist: ['{']", 'allowlist: "{" is no JSON object in a string'],
  ["allowlist: [{}]", "allowlist: {} is no JSON object in a string"],
])("raw filters that are none: %s", (text, message) => {
  expect(() => readRawFilters(text, "f.yaml")).toThrow(`f.yaml: ${message}`);
});
