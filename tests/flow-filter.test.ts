import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../tools/exporter/explain.js";
import { accepted } from "../tools/flow-filter/accepted.js";
import { conditions } from "../tools/flow-filter/conditions.js";
import { eventOf } from "../tools/flow-filter/event.js";
import { Aggregation } from "../tools/flow-filter/aggregation.js";
import { compileFilter, refusalOf } from "../tools/flow-filter/filter.js";
import { exportLine, FieldMask } from "../tools/flow-filter/mask.js";
import { events, filters, ranges, sampleEvents, VALUES } from "./cilium/filter-cases.js";

/** What Cilium's own filters let through (`npm run cilium:fixtures`). */
const answers = JSON.parse(readFileSync(new URL("fixtures/cilium-1.20.2/filters.json", import.meta.url), "utf8")) as {
  filter: unknown;
  passed: string;
}[];

const read = events.map((event) => eventOf(event as Record<string, unknown>)!);

/** Lines of real Ciliums, where there are any. */
const corpus = process.env.HUBBLE_CORPUS
  ? readFileSync(join(process.env.HUBBLE_CORPUS, "flows.ndjson"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown)
  : [];

function pairs<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((item, i) => items.slice(i + 1).map((other): [T, T] => [item, other]));
}

/** Makes a message, which the library does not read: said, and not tried. */
const UNTRIED = ["Flow{}.verdict == 2"];

/** Reads filters as a flow log's, as `explain` does, and asks them. */
function passedBy(list: unknown): string {
  const text = JSON.stringify({ flowLogs: [{ name: "a", filePath: "stdout", includeFilters: list }] });
  const { findings, flowLogs } = explain(text, "f.json");
  if (findings.some(({ severity }) => severity === "error")) return "refused";
  const compiled = flowLogs[0]!.includeFilters.map(compileFilter);
  return ranges(read.flatMap((event, i) => (refusalOf(event, compiled, []) === undefined ? [i] : [])));
}

describe("the filters of Cilium 1.20.2", () => {
  test("every field has a test and cases", () => {
    const fields = Object.keys(accepted.filter);
    expect(Object.keys(conditions).sort()).toEqual([...fields].sort());
    // CEL has expressions of its own.
    expect(Object.keys(VALUES).sort()).toEqual(fields.filter((field) => field !== "experimental").sort());
  });

  test("the fixture is made of these cases", () => {
    expect(answers.map(({ filter }) => filter)).toEqual(JSON.parse(JSON.stringify(filters)));
  });

  const byField = new Map<string, typeof answers>();
  for (const answer of answers) {
    const keys = new Set((answer.filter as object[]).flatMap((one) => Object.keys(one)));
    const field = keys.size === 1 ? [...keys][0]! : "several fields";
    byField.set(field, [...(byField.get(field) ?? []), answer]);
  }

  test.each([...byField])("%s lets through what Cilium lets through", (_, cases) => {
    const isTried = ({ filter }: { filter: unknown }) => !UNTRIED.some((cel) => JSON.stringify(filter).includes(cel));
    const unlike = cases.filter(isTried).flatMap(({ filter, passed }) => {
      const ours = passedBy(filter);
      return ours === passed ? [] : [`${JSON.stringify(filter)}: Cilium ${passed}; here ${ours}`];
    });
    expect(unlike).toEqual([]);
  });

  test("what cannot be tried is said", () => {
    for (const cel of UNTRIED) expect(() => compileFilter({ experimental: [cel] })).toThrow("cannot be tried");
  });

  test("conditions that are said to exclude each other let nothing of real flows through", () => {
    const real = [...sampleEvents, ...corpus].flatMap((event) => eventOf(event as Record<string, unknown>) ?? []);
    const flows = real.filter(({ flow }) => flow !== undefined);
    const fields = "verdict drop_reason_desc event_type protocol tcp_flags source_port dns_query http_status_code";
    let exclusive = 0;
    for (const [one, other] of pairs([...fields.split(" "), "ip_version", "source_ip", "destination_ip"])) {
      for (const first of VALUES[one]!) {
        for (const second of VALUES[other]!) {
          const text = {
            flowLogs: [{ name: "a", filePath: "a", includeFilters: [{ [one]: [first], [other]: [second] }] }],
          };
          const { findings, flowLogs } = explain(JSON.stringify(text), "f");
          if (!findings.some(({ message }) => message.includes("exclude each other"))) continue;
          if (findings.some(({ severity }) => severity === "error")) continue;
          exclusive += 1;
          const compiled = flowLogs[0]!.includeFilters.map(compileFilter);
          const passed = flows.filter((event) => refusalOf(event, compiled, []) === undefined).map(({ line }) => line);
          expect({ first, second, passed }).toEqual({ first, second, passed: [] });
        }
      }
    }
    expect(exclusive).toBeGreaterThan(200);
  });

  test("every field has cases that pass and cases that do not", () => {
    for (const [field, cases] of byField) {
      const some = cases.filter(
        ({ passed }) => passed !== "" && passed !== "refused" && passed !== `0-${events.length - 1}`,
      );
      expect([field, some.length > 0]).toEqual([field, true]);
    }
  });
});

describe("the lines of Cilium 1.20.2's exporter", () => {
  const { flows, masks, aggregates } = JSON.parse(
    readFileSync(new URL("fixtures/cilium-1.20.2/masks.json", import.meta.url), "utf8"),
  ) as {
    flows: { flow: Record<string, unknown> }[];
    masks: { mask: string[]; lines: string[] }[];
    aggregates: { fields: string[]; lines: string[] }[];
  };
  const sorted = (lines: string[]) => lines.map((line) => ({ length: line.length, ...(JSON.parse(line) as object) }));

  test.each(masks)("of the field mask $mask", ({ mask, lines }) => {
    const kept = new FieldMask(mask);
    const ours = flows.map(({ flow }) => exportLine(kept.isActive ? kept.copy(flow) : flow));
    expect(sorted(ours)).toEqual(sorted(lines));
  });

  test.each(aggregates)("aggregated by $fields", ({ fields, lines }) => {
    const aggregation = new Aggregation(fields, 3_600_000);
    for (const { flow } of flows) aggregation.add(flow, 0);
    const ours = aggregation.end().map(exportLine);
    expect(ours.length).toBe(lines.length);
    for (const line of lines) expect(sorted(ours)).toContainEqual(sorted([line])[0]);
  });

  test("an interval ends with the first flow behind it", () => {
    const aggregation = new Aggregation(["verdict"], 60_000);
    const flow = { verdict: "DROPPED", time: "2026-01-01T00:00:00Z" };
    expect([0, 59_999].flatMap((time) => aggregation.add(flow, time))).toEqual([]);
    expect(aggregation.add(flow, 200_000)).toEqual([{ ...flow, aggregate: { unknown_direction_flow_count: 2 } }]);
    expect(aggregation.add(flow, 239_999)).toEqual([]);
    expect(aggregation.add(flow, 240_000)).toEqual([{ ...flow, aggregate: { unknown_direction_flow_count: 2 } }]);
  });
});
