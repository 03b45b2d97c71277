import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../tools/kusto/engine.js";
import { datetimeText } from "../../tools/text/ticks.js";
import { deniedEgress, deniedFlows, dropEvents, drops, droppedFlows } from "./reference/drops.js";
import { dnsFailures, dnsLatency, dnsSearchMisses, lookups } from "./reference/dns.js";
import { edges } from "./reference/edges.js";
import { minute, originTicks, text, ticksOf, type Answer, type Flow, type Range } from "./reference/flow.js";
import { httpErrors, httpLatency, httpResponses } from "./reference/http.js";
import {
  firstSeenDestinations,
  flowCounts,
  podConnections,
  policyVerdicts,
  requests,
  topTalkers,
} from "./reference/traffic.js";
import { randomFlows, randomSource, span } from "./random-flows.js";
import { answer, canonical, load } from "./support.js";
import { openEngine } from "../support/engine.js";
import { count } from "../support/thorough.js";

const seeds = Array.from({ length: count(2, 6) }, (_, index) => index + 1);
const rowsOfEach = 500;

/** The functions, as KQL for a range and in plain TypeScript. */
const functions: Record<string, [kql: string, reference: (flows: Flow[], range: Range, now: number) => Answer[]]> = {
  HubbleFlowCounts: ["HubbleFlowCounts(START, END)", flowCounts],
  "HubbleDeniedFlows, by reason": [
    "HubbleDeniedFlows(START, END) | project UUID, Packets, Reason, PolicyName",
    (flows, range) =>
      deniedFlows(flows, range).map(({ flow, packets, reason }) => ({
        UUID: flow.UUID,
        Packets: packets,
        Reason: reason,
        PolicyName: text(flow, "PolicyName"),
      })),
  ],
  "HubbleDroppedFlows, without the verdicts that have a drop": [
    "HubbleDroppedFlows(START, END) | project UUID, Packets",
    (flows, range) => droppedFlows(flows, range).map(({ flow, packets }) => ({ UUID: flow.UUID, Packets: packets })),
  ],
  "HubbleDropEvents, with them": [
    "HubbleDropEvents(START, END) | project UUID, Packets",
    (flows, range) => dropEvents(flows, range).map(({ flow, packets }) => ({ UUID: flow.UUID, Packets: packets })),
  ],
  HubbleDeniedEgress: ["HubbleDeniedEgress(START, END)", (flows, range) => deniedEgress(flows, range)],
  "HubbleDeniedEgress of a pod": [
    "HubbleDeniedEgress(START, END, 'shop', 'cart')",
    (flows, range) => deniedEgress(flows, range, "shop", "cart"),
  ],
  HubbleDrops: ["HubbleDrops(START, END)", drops],
  "HubbleRequests, with both ends": [
    "HubbleRequests(START, END) | project UUID, Source, SourcePod, Destination, Flows, Packets, Tries",
    requests,
  ],
  HubbleTopTalkers: ["HubbleTopTalkers(START, END, 100000)", topTalkers],
  HubblePolicyVerdicts: ["HubblePolicyVerdicts(START, END)", policyVerdicts],
  HubbleAuditVerdicts: [
    "HubbleAuditVerdicts(START, END)",
    (flows, range) => policyVerdicts(flows, range).filter(({ Verdict }) => Verdict === "AUDIT"),
  ],
  HubblePodConnections: [
    "HubblePodConnections(START, END, 'shop', 'cart')",
    (flows, range) => podConnections(flows, range, "shop", "cart"),
  ],
  HubbleFirstSeenDestinations: [
    "HubbleFirstSeenDestinations(START, END, 10m)",
    (flows, range) => firstSeenDestinations(flows, range, 10 * minute),
  ],
  "HubbleDnsLookups, misses marked": [
    "HubbleDnsLookups(START, END) | project UUID, Query, Failure, IsSearchMiss",
    (flows, range) =>
      lookups(flows, range).map(({ flow, query, failure, isSearchMiss }) => ({
        UUID: flow.UUID,
        Query: query,
        Failure: failure,
        IsSearchMiss: isSearchMiss,
      })),
  ],
  HubbleDnsFailures: ["HubbleDnsFailures(START, END)", dnsFailures],
  HubbleDnsSearchMisses: ["HubbleDnsSearchMisses(START, END)", dnsSearchMisses],
  HubbleDnsLatency: ["HubbleDnsLatency(START, END)", dnsLatency],
  "HubbleDnsLatency over a threshold": [
    "HubbleDnsLatency(START, END, 100ms)",
    (flows, range, now) => dnsLatency(flows, range, now, 1_000_000),
  ],
  "HubbleHttpResponses, each once": [
    "HubbleHttpResponses(START, END) | project UUID",
    (flows, range) => httpResponses(flows, range).map(({ UUID }) => ({ UUID })),
  ],
  HubbleHttpErrors: ["HubbleHttpErrors(START, END)", (flows, range) => httpErrors(flows, range)],
  "HubbleHttpErrors with ids grouped": [
    "HubbleHttpErrors(START, END, 500, true)",
    (flows, range) => httpErrors(flows, range, 500, true),
  ],
  HubbleHttpLatency: ["HubbleHttpLatency(START, END)", (flows, range) => httpLatency(flows, range)],
  HubbleEdges: ["HubbleEdges(START, END)", edges],
};

describe.each(seeds)("random rows, seed %i", (seed) => {
  const flows = randomFlows(seed, rowsOfEach);
  const random = randomSource(seed + 1000);
  const range = rangeIn(random);
  let engine: Engine;
  let now: bigint;
  beforeAll(async () => {
    engine = await openEngine();
    await load(engine, flows);
    now = (await engine.newestTime())!;
  });
  afterAll(() => engine.close());
  const run = (kql: string, { start, end } = range) => answer(engine, inRange(kql, start, end), now);

  test("there are rows of every kind in the range", () => {
    const inside = flows.filter((flow) => ticksOf(flow.TimeGenerated as string) >= range.start);
    for (const column of [
      "DNSQuery",
      "HTTPMethod",
      "DropReason",
      "EgressFlowCount",
      "ParseError",
      "ExportEvent",
      "SourceNames",
    ]) {
      expect(inside.filter((flow) => flow[column] !== undefined).length, column).toBeGreaterThan(0);
    }
  });

  test.each(Object.keys(functions))("%s", async (name) => {
    const [kql, reference] = functions[name]!;
    const newest = Math.max(...flows.map((flow) => ticksOf(flow.TimeGenerated as string)));
    const expected = reference(flows, range, newest);
    expect(expected.length).toBeGreaterThan(0);
    expect(canonical(await run(kql))).toEqual(canonical(expected));
  });

  test("every flow of two ranges side by side is in one of them", async () => {
    const middle = range.start + Math.floor((range.end - range.start) * random());
    for (const kql of [
      "HubbleFlowCounts(START, END) | summarize Sum = sum(Flows)",
      "HubbleDeniedFlows(START, END) | summarize Sum = sum(Packets)",
      "HubbleDnsLatency(START, END) | summarize Sum = count()",
      "HubbleDnsFailures(START, END) | summarize Sum = sum(Failures)",
      "HubbleHttpErrors(START, END) | summarize Sum = sum(Errors)",
    ]) {
      const [whole, first, second] = await Promise.all([
        run(kql),
        run(kql, { start: range.start, end: middle }),
        run(kql, { start: middle + 1, end: range.end }),
      ]);
      expect((first[0]!.Sum as number) + (second[0]!.Sum as number), kql).toBe(whole[0]!.Sum);
    }
  });

  test("the functions agree with each other", async () => {
    const one = async (kql: string) => (await run(kql))[0]!.Sum;
    const all = await one("HubbleFlowCounts(START, END) | summarize Sum = sum(Flows)");
    const requests =
      "where TimeGenerated between (START .. END) and isempty(ExportEvent) and isempty(ParseError) | where not(HubbleIsReply(Reply, TCPFlags, L7Type, SourcePort, DestinationPort))";
    const count = "HubbleFlowCount(IngressFlowCount, EgressFlowCount, UnknownDirectionFlowCount)";
    expect(await one("HubbleTopTalkers(START, END, 100000) | summarize Sum = sum(Flows)")).toBe(
      await one(`HubbleFlows | ${requests} | summarize Sum = sum(${count})`),
    );
    expect(
      await one(
        `HubbleFlows | where TimeGenerated between (START .. END) and isempty(ExportEvent) and isempty(ParseError) | summarize Sum = sum(${count})`,
      ),
    ).toBe(all);
    const denied = await one("HubbleDeniedFlows(START, END) | summarize Sum = sum(Packets)");
    expect(
      await one(
        "HubbleDrops(START, END) | summarize Sum = sumif(Drops, HubbleIsPolicyDrop(int(null), Reason) or Reason == 'L7_DENIED')",
      ),
    ).toBe(denied);
    expect(await one("HubbleDeniedEgress(START, END) | summarize Sum = sum(Attempts)")).toBe(
      await one("HubbleDeniedFlows(START, END) | where TrafficDirection == 'EGRESS' | summarize Sum = sum(Packets)"),
    );
    const byHour =
      "HubbleFlowCounts(START, END) | summarize Flows = sum(Flows) by bin(Time, 1h) | summarize Sum = sum(Flows)";
    expect(await one(byHour)).toBe(await one(byHour.replace("1h", "1d")));
  });
});

test("nothing changes when rows are shuffled, or come in several parts", async () => {
  const flows = randomFlows(9, rowsOfEach);
  const random = randomSource(10);
  const shuffled = flows
    .map((flow) => ({ flow, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ flow }) => flow);
  const engines = await Promise.all([openEngine(), openEngine()]);
  await load(engines[0], flows);
  for (const part of [shuffled.slice(0, 100), shuffled.slice(100)]) {
    await load(engines[1], part);
    await engines[1].flush();
  }
  for (const [kql] of Object.values(functions)) {
    const query = inRange(kql, span.start, span.end);
    expect(canonical(await answer(engines[1], query)), kql).toEqual(canonical(await answer(engines[0], query)));
  }
  for (const engine of engines) engine.close();
});

function rangeIn(random: () => number): Range {
  const length = span.end - span.start;
  return {
    start: span.start + Math.floor(random() * length * 0.3),
    end: span.end - Math.floor(random() * length * 0.3),
  };
}

function inRange(kql: string, start: number, end: number): string {
  const literal = (ticks: number) => `datetime(${datetimeText(originTicks(ticks))})`;
  return kql.replaceAll("START", literal(start)).replaceAll("END", literal(end));
}
