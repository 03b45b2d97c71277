import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { comparePresets } from "../tools/exporter/compare.js";
import { explain } from "../tools/exporter/explain.js";
import { tryLogs } from "../tools/exporter/try-log.js";
import { describeTried } from "../tools/exporter/try-text.js";

const folder = mkdtempSync(join(tmpdir(), "try-"));
afterAll(() => rmSync(folder, { recursive: true }));

const flow = (second: number, node: string, rest: Record<string, unknown>) => {
  const time = `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
  return JSON.stringify({ flow: { time, ...rest, node_name: node }, node_name: node, time });
};
const dropped = { verdict: "DROPPED", event_type: { type: 1 } };
const forwarded = { verdict: "FORWARDED", event_type: { type: 4 }, trace_observation_point: "TO_ENDPOINT" };

/** Node a: 20 seconds, three flows; node b: 20 seconds, two. */
const LINES = [
  flow(0, "a", dropped),
  flow(10, "a", forwarded),
  flow(20, "a", dropped),
  flow(30, "b", { ...forwarded, source: { pod_name: "evil\u001b[31m" } }),
  flow(50, "b", forwarded),
];

function logOf(lines: string[], prefix = ""): string {
  const path = join(folder, `${lines.length}${prefix.length}.log`);
  writeFileSync(path, lines.map((line) => `${prefix}${line}\n`).join(""));
  return path;
}

function flowLogs(...logs: object[]) {
  return explain(JSON.stringify({ flowLogs: logs }), "f.yaml").flowLogs;
}

const drops = { name: "drops", filePath: "stdout", includeFilters: [{ event_type: [{ type: 1 }] }] };

describe("a configuration tried on a log", () => {
  test("what passes, what does not, and how much it is", async () => {
    const tried = await tryLogs(flowLogs(drops), [logOf(LINES)]);
    expect(tried).toMatchObject({ lines: 5, events: 5, nodes: 2, seconds: 40 });
    const [trial] = tried.trials;
    expect(trial!.passed).toMatchObject({ count: 2, kinds: new Map([["DROPPED drop", 2]]) });
    expect([...trial!.refused.values()]).toMatchObject([
      { reason: "not so: the event is drop (1)", count: 3, kinds: new Map([["FORWARDED to-endpoint", 3]]) },
    ]);
    // Unmasked lines are as they stand, with a line feed.
    expect(trial!.bytes).toBe(LINES[0]!.length + LINES[2]!.length + 2);
    // Two lines in 40 seconds of a node: 0.05 a second, 4,320 a day, on ten nodes 43,200.
    const told = describeTried(tried, 10);
    expect(told).toContain("0.05 lines and");
    expect(told).toContain("4,320 lines and");
    expect(told).toContain("10 nodes     43,200 lines and");
    expect(told).not.toContain("\u001b");
  });

  test("a log with containerd's prefix gives the same", async () => {
    const log = logOf(LINES, "2026-01-01T00:00:00.5Z stdout F ");
    const [trial] = (await tryLogs(flowLogs(drops), [log])).trials;
    expect([trial!.lines, trial!.bytes]).toEqual([2, LINES[0]!.length + LINES[2]!.length + 2]);
  });

  test("a field mask shortens lines", async () => {
    const masked = { ...drops, fieldMask: ["verdict"] };
    const [trial] = (await tryLogs(flowLogs(masked), [logOf(LINES)])).trials;
    expect(trial!.bytes).toBe(2 * '{"flow":{"verdict":"DROPPED"}}\n'.length);
  });

  test("each node aggregates for itself, an interval at a time", async () => {
    const counts = { name: "a", filePath: "stdout", fieldAggregate: ["verdict"], aggregationInterval: "15s" };
    const [trial] = (await tryLogs(flowLogs(counts), [logOf(LINES)])).trials;
    // Node a: DROPPED and FORWARDED, then DROPPED; node b: FORWARDED twice.
    expect([trial!.passed.count, trial!.lines]).toEqual([5, 5]);
  });

  test("what decides against a flow is its first unmet condition, or the filter that excludes it", async () => {
    const both = {
      name: "a",
      filePath: "stdout",
      includeFilters: [{ verdict: ["FORWARDED"], source_port: ["1"] }],
      excludeFilters: [{ verdict: ["FORWARDED"] }],
    };
    const open = { ...both, name: "b", filePath: "b", includeFilters: [] };
    const [first, second] = (await tryLogs(flowLogs(both, open), [logOf(LINES)])).trials;
    expect([...first!.refused].map(([reason, { count }]) => [reason, count])).toEqual([
      ["not so: the verdict is FORWARDED", 2],
      ["not so: the source port is 1", 3],
    ]);
    expect([...second!.refused.keys()]).toEqual(["excluded: the verdict is FORWARDED"]);
    expect(first!.unseen).toEqual(["l4"]);
  });

  test("what cannot be tried is said", async () => {
    const cel = { ...drops, includeFilters: [{ experimental: { cel_expression: ["Flow{}.verdict == 2"] } }] };
    const told = describeTried(await tryLogs(flowLogs(cel), [logOf(LINES)]), undefined);
    expect(told).toContain('not tried  "Flow{}.verdict == 2" cannot be tried: it makes a message');
  });

  test("a log without flows, and one of a single moment, say so", async () => {
    expect(describeTried(await tryLogs(flowLogs(drops), [logOf(["level=info"])]), 1)).toContain("no flow in it");
    expect(describeTried(await tryLogs(flowLogs(drops), [logOf(LINES.slice(0, 1))]), 1)).toContain("of one moment");
  });
});

test("the presets, compared on a log", async () => {
  let table = "";
  for await (const text of comparePresets([logOf(LINES)], 10, { color: false })) table += text;
  const cells = (preset: string) =>
    table
      .split("\n")
      .find((line) => line.startsWith(preset))!
      .trim()
      .split(/ {2,}/);
  // Two drops in 40 seconds of a node are 43,200 a day on ten; of all five flows, 108,000.
  expect(cells("drops").slice(0, 3)).toEqual(["drops", "2", "2"]);
  expect(cells("drops")[4]).toBe("43,200");
  expect(cells("everything").slice(1, 3)).toEqual(["5", "5"]);
  expect(cells("everything")[4]).toBe("108,000");
  expect(cells("dns").slice(1, 3)).toEqual(["0", "0"]);
});
