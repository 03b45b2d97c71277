import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isQueryTile } from "../../tools/dashboard/adx.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { runnableQuery } from "../../tools/dashboard/tile-query.js";
import type { Engine } from "../../tools/kusto/engine.js";
import { noLines } from "../../tools/flatten/flatten-log.js";
import { loadLog } from "../../tools/kusto/load.js";
import type { Answer } from "../kql/reference/flow.js";
import { load } from "../kql/support.js";
import { hour, minute, type Cluster } from "../support/cluster/day.js";
import * as attacks from "../support/cluster/incident.js";
import { packageFile } from "../../tools/package-file.js";
import { incidentSample } from "../support/cluster/sample.js";
import type { End } from "../support/cluster/world.js";
import { engineOf, found, now, quietCluster } from "./support.js";
import { openEngine } from "../support/engine.js";

// Each detection over hours of ordinary traffic, in which it is silent, and over the same with an attack in it.

const corpus = process.env.HUBBLE_CORPUS;
const lastHour = (name: string, more = "") => `${name}(ago(1h), now()${more})`;

test("the sample in the repository is the generated one", () => {
  const sample = gunzipSync(readFileSync(packageFile("fluent-bit/sample/shop.log.gz"))).toString();
  expect(sample === incidentSample(), "`npm run sample` writes it").toBe(true);
});

test.runIf(corpus)("the captured flows give cause to none (skipped: HUBBLE_CORPUS is not set)", async () => {
  const engine = await openEngine();
  try {
    await loadLog(engine, { path: join(corpus!, "flows.ndjson") }, noLines(), "hubble_flows");
    expect(await found(engine, "HubbleDetections(ago(30d), now())")).toEqual([]);
  } finally {
    engine.close();
  }
});

describe.each([1, 2])("ordinary traffic, seed %i", (seed) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await engineOf(quietCluster(seed));
  });
  afterAll(() => engine.close());

  test("has what a detection could be misled by", async () => {
    const [counts] = await found(
      engine,
      `HubbleFlows | summarize Rows = count(), Resets = countif(TCPFlags has 'RST'), Denied = countif(Verdict == 'DROPPED'),
        Scraped = dcountif(DestinationIP, SourceWorkloadName == 'prometheus'), Outside = countif(HubbleIsWorld(DestinationIdentity, DestinationLabels)),
        Lookups = countif(isnotempty(DNSQuery)), Days = dcount(bin(TimeGenerated, 1d))`,
    );
    for (const [name, count] of Object.entries(counts!)) expect(count, name).toBeGreaterThan(2);
    expect(counts!.Rows).toBeGreaterThan(5000);
  });

  test("gives no cause to any detection", async () => {
    expect(await found(engine, "HubbleDetections(ago(1h), now())")).toEqual([]);
    expect(await found(engine, "HubbleDetections(ago(3h), now())")).toEqual([]);
  });

  test("what ships flows calls as regularly as a beacon does, and is known for days", async () => {
    const rows = await found(engine, "HubbleBeacons(ago(3h), now(), young = 7d)");
    expect(new Set(rows.map(({ Workload }) => Workload))).toEqual(new Set(["logging/fluent-bit"]));
  });
});

/** What a detection finds of an attack that a pod begins a given time before `now`. */
interface Case {
  attack: (made: Cluster, start: number, pod: End) => void;
  kql: string;
  /** The target, the detail and the flows, worked out from how the attack is made. */
  target: (made: Cluster) => string;
  detail: RegExp;
  flows: number;
  byWorkload?: true;
}

const cases: Record<string, Case> = {
  "a scan of 60 ports": {
    attack: (made, start, pod) => attacks.portScan(made, start, pod, made.pod("shop", "orders-db"), 60),
    kql: lastHour("HubblePortScans"),
    target: () => "shop/orders-db-0",
    detail: /^60 TCP ports, 60 refused: 20, 23, 26, 29, 32, 35, 38, 41, …$/,
    flows: 60,
  },
  "a sweep over 40 addresses": {
    attack: (made, start, pod) => attacks.sweep(made, start, pod, 40),
    kql: lastHour("HubbleSweeps"),
    target: () => "TCP 22",
    detail: /^40 hosts, 40 refused: /,
    flows: 40,
  },
  "a call to an address that is new": {
    attack: (made, start, pod) => attacks.beacon(made, start, pod, { calls: 1 }),
    kql: lastHour("HubbleNewExternalContacts"),
    target: () => "status.cdn-check.example",
    detail: /^TCP 443: FORWARDED$/,
    flows: 1,
    byWorkload: true,
  },
  "a beacon every minute": {
    attack: (made, start, pod) => attacks.beacon(made, start, pod, { calls: 30 }),
    kql: lastHour("HubbleBeacons"),
    target: () => "status.cdn-check.example TCP 443",
    detail: /^30 connections, one every (59|60|61)(\.\d)? s \(/,
    flows: 30,
  },
  "a tunnel of 70 names": {
    attack: (made, start, pod) => attacks.dnsTunnel(made, start, pod, 70),
    kql: lastHour("HubbleDnsTunnels"),
    target: () => "example.org",
    // Two labels of 50 characters, ".t", and the dot between them.
    detail: /^70 names of 103 characters, 70 of rare types, such as [a-z2-7]{50}\./,
    flows: 70,
  },
  "four calls to the metadata": {
    attack: (made, start, pod) => attacks.metadata(made, start, pod),
    kql: lastHour("HubbleMetadataContacts"),
    target: () => "169.254.169.254 TCP 80",
    detail: /^DROPPED$/,
    flows: 4,
  },
  "five targets in four namespaces": {
    attack: (made, start, pod) => attacks.namespaceProbe(made, start, pod),
    kql: lastHour("HubbleNamespaceProbes"),
    target: () => "logging, messaging, monitoring, payments",
    detail: /^refused by 4 namespaces$/,
    flows: 5,
    byWorkload: true,
  },
};

describe("an attack amid ordinary traffic", () => {
  test.each(Object.entries(cases))("%s", async (_, { attack, kql, target, detail, flows, byWorkload }) => {
    const made = quietCluster(4, { days: 1.2, visits: 10 });
    const pod = made.pod("shop", "catalog");
    attack(made, now - 50 * minute, pod);
    const engine = await engineOf(made);
    try {
      const findings = await found(engine, kql);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({
        ClusterName: "aks-shop-weu",
        Namespace: "shop",
        Workload: "shop/catalog",
        Source: byWorkload ? "shop/catalog" : `shop/${pod.pod}`,
        Target: target(made),
        Flows: flows,
      });
      expect(findings[0]!.Detail).toMatch(detail);
      const [first, last] = [findings[0]!.FirstSeen, findings[0]!.LastSeen].map((time) => Date.parse(time as string));
      expect(Math.abs(first! - (now - 50 * minute))).toBeLessThan(10_000);
      expect(last).toBeGreaterThanOrEqual(first!);
      const ignored = kql.replace(
        "now()",
        `now(), ignore = dynamic(['${byWorkload ? "shop/catalog" : `shop/${pod.pod}`}'])`,
      );
      expect(await found(engine, ignored)).toEqual([]);
    } finally {
      engine.close();
    }
  });
});

describe("an incident on the page Security", () => {
  const dashboard = loadDashboard();
  const tiles = dashboard.pages.find(({ key }) => key === "security")!.tiles.filter(isQueryTile);
  const choices = { from: "ago(1h)", to: "now()" };
  let engine: Engine;
  beforeAll(async () => {
    const made = quietCluster(5, { visits: 20 });
    attacks.incident(made, now - 50 * minute);
    engine = await engineOf(made);
  });
  afterAll(() => engine.close());
  const ask = (title: string, values: Record<string, string | string[]> = {}) =>
    found(engine, runnableQuery(dashboard, tiles.find((tile) => tile.title === title)!.query, { ...choices, values }));

  test("the pod that did it is found by all detections that it gives cause to, and nobody else is", async () => {
    const findings = await ask("Findings, newest first");
    const kinds = [
      "Beacon",
      "DNS tunnel",
      "Denial spike",
      "Metadata contact",
      "Namespace probe",
      "New external contact",
      "Port scan",
      "Sweep",
    ];
    expect([...new Set(findings.map(({ Detection }) => Detection))].sort()).toEqual(kinds);
    for (const { Source, Detection } of findings) {
      if (Detection === "Denial spike") expect(Source).toBe("shop");
      else expect(Source).toMatch(/^shop\/catalog/);
    }
    const times = findings.map(({ LastSeen }) => LastSeen as string);
    expect(times).toEqual([...times].sort().reverse());
  });

  test("takes the filters that a finding can be told by", async () => {
    const all = await ask("Findings, newest first");
    expect(await ask("Findings, newest first", { _namespace: ["shop"] })).toEqual(all);
    expect(await ask("Findings, newest first", { _verdict: ["FORWARDED"], _direction: ["INGRESS"] })).toEqual(all);
    expect(await ask("Findings, newest first", { _namespace: ["payments"] })).toEqual([]);
    expect(await ask("Findings, newest first", { _cluster: ["other"] })).toEqual([]);
    expect(await ask("Findings, newest first", { _pod: "orders-db" })).toMatchObject([{ Detection: "Port scan" }]);
  });
});

/** Rows alone, small enough to work out what is found of them. */
async function given(rows: Answer[], kql: string): Promise<Answer[]> {
  const engine = await openEngine();
  try {
    await load(engine, [...rows, { TimeGenerated: new Date(now).toISOString(), Verdict: "FORWARDED" }]);
    return await found(engine, kql);
  } finally {
    engine.close();
  }
}

const ago = (milliseconds: number) => new Date(now - milliseconds).toISOString();
const pod = { SourceNamespace: "shop", SourcePodName: "web-0", SourceWorkloadName: "web", SourceIP: "10.0.0.1" };
const packet = (index: number, columns: Answer): Answer => ({
  TimeGenerated: ago(30 * minute - index * 1000),
  ClusterName: "one",
  NodeName: "a",
  Verdict: "FORWARDED",
  L4Protocol: "TCP",
  TCPFlags: "SYN",
  Reply: false,
  SourcePort: 40_000 + index,
  ...pod,
  ...columns,
});
const many = (count: number, make: (index: number) => Answer | Answer[]) =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

describe("thresholds", () => {
  const scan = (ports: number, refused: number) =>
    many(ports, (index) => [
      packet(index, { DestinationIP: "10.0.0.9", DestinationPort: 1000 + index }),
      ...(index < refused
        ? [
            packet(index, {
              ...{ SourceNamespace: "data", SourcePodName: "db-0", SourceWorkloadName: "db", SourceIP: "10.0.0.9" },
              ...{ DestinationIP: "10.0.0.1", SourcePort: 1000 + index, DestinationPort: 40_000 + index },
              ...{ TCPFlags: "ACK,RST", Reply: true },
            }),
          ]
        : []),
    ]);

  test.each([
    ["20 ports, 10 reset", 20, 10, 1],
    ["19 ports, all reset", 19, 19, 0],
    ["20 ports, 9 reset", 20, 9, 0],
  ])("%s", async (_, ports, refused, findings) => {
    const rows = await given(scan(ports, refused), "HubblePortScans(ago(1h), now())");
    expect(rows).toHaveLength(findings);
    if (findings > 0) expect(rows[0]).toMatchObject({ Source: "shop/web-0", Target: "10.0.0.9", Flows: ports });
  });

  test("of aggregated flows the workloads are known, and each row counts what it stands for", async () => {
    const rows = many(25, (index) => ({
      ...packet(index, {}),
      ...{ SourcePodName: undefined, SourceIP: undefined, SourcePort: undefined, TCPFlags: undefined },
      ...{ DestinationNamespace: "data", DestinationWorkloadName: "db", DestinationPort: 100 + index },
      ...{ Verdict: "DROPPED", DropReason: "POLICY_DENIED", EventType: 1, EgressFlowCount: 3 },
    }));
    const [finding] = await given(rows, "HubblePortScans(ago(1h), now())");
    expect(finding).toMatchObject({ Source: "shop/web", Target: "data/db", Flows: 75 });
  });

  test("replies of a server on a high port, not marked as such, are no scan", async () => {
    const rows = many(60, (index) =>
      packet(0, {
        SourcePort: 50_051,
        DestinationIP: "10.0.0.9",
        DestinationPort: 33_000 + index,
        TCPFlags: "ACK,PSH",
        Reply: undefined,
      }),
    );
    expect(await given(rows, "HubblePortScans(ago(1h), now())")).toEqual([]);
  });

  test("a scraper that is answered by all is no sweep", async () => {
    const rows = many(100, (index) => packet(index, { DestinationIP: `10.0.1.${index}`, DestinationPort: 9102 }));
    expect(await given(rows, "HubbleSweeps(ago(1h), now())")).toEqual([]);
    const dropped = rows.map((row) => ({ ...row, Verdict: "DROPPED", EventType: 1 }));
    expect(await given(dropped, "HubbleSweeps(ago(1h), now())")).toHaveLength(1);
  });

  const call = (index: number, time: number) =>
    packet(index, {
      TimeGenerated: ago(time),
      DestinationIP: "198.51.100.7",
      DestinationIdentity: 2,
      DestinationLabels: ["reserved:world"],
      DestinationPort: 443,
    });

  test("calls at intervals of 10 to 230 s are no beacon, and one that is sent again is one call", async () => {
    const irregular = [10, 230, 45, 120, 15, 200, 90, 33, 170, 12, 220, 70, 140, 25, 190];
    let time = 55 * minute;
    const rows = irregular.map((seconds, index) => call(index, (time -= seconds * 1000)));
    expect(await given(rows, "HubbleBeacons(ago(1h), now())")).toEqual([]);
    // A call every minute, each three times: 0, 1 and 3 s, from one port.
    const again = many(20, (index) =>
      [0, 1000, 3000].map((after) => call(index, 50 * minute - index * minute - after)),
    );
    const [beacon] = await given(again, "HubbleBeacons(ago(1h), now())");
    expect(beacon).toMatchObject({ Target: "198.51.100.0/24 TCP 443", Flows: 60 });
    expect(beacon!.Detail).toBe("20 connections, one every 60.0 s (60.0 to 60.0)");
  });

  test("what a workload has called for days is no beacon and nothing new", async () => {
    const rows = [...many(20, (index) => call(index, 50 * minute - index * minute)), call(100, 5 * 24 * hour)];
    expect(await given(rows, "HubbleBeacons(ago(1h), now())")).toEqual([]);
    expect(await given(rows, "HubbleNewExternalContacts(ago(1h), now())")).toEqual([]);
    // A workload that nobody knew an hour ago has nothing that would be new to it.
    expect(await given(rows.slice(0, 20), "HubbleNewExternalContacts(ago(1h), now())")).toEqual([]);
  });

  test("names of a content network are no tunnel", async () => {
    const lookups = (name: (index: number) => string, types: string[]) =>
      many(80, (index) =>
        packet(index, {
          ...{ L4Protocol: "UDP", TCPFlags: undefined, DestinationPort: 53, FlowType: "L7", L7Type: "REQUEST" },
          ...{ DNSQuery: `${name(index)}.`, DNSQueryTypes: types },
        }),
      );
    const silent = async (name: (index: number) => string, types: string[]) =>
      expect(await given(lookups(name, types), "HubbleDnsTunnels(ago(1h), now())")).toEqual([]);
    await silent((index) => `d${1_000_000 + index}abcdef.cdn.example`, ["A"]);
    await silent((index) => `${"a".repeat(50)}${index}.shop.svc.cluster.local`, ["A"]);
    await silent((index) => `${index}.0.0.10.in-addr.arpa`, ["PTR"]);
    const found = await given(
      lookups((index) => `${"a".repeat(50)}${index}.evil.example`, ["A"]),
      "HubbleDnsTunnels(ago(1h), now())",
    );
    expect(found).toMatchObject([{ Source: "shop/web-0", Target: "evil.example", Flows: 80 }]);
    const typed = await given(
      lookups((index) => `${index}.evil.example`, ["TXT"]),
      "HubbleDnsTunnels(ago(1h), now())",
    );
    expect(typed).toMatchObject([{ Target: "evil.example", Flows: 80 }]);
  });

  const denials = (count: number, time: number) =>
    many(count, (index) =>
      packet(index, {
        TimeGenerated: ago(time - index),
        Verdict: "DROPPED",
        DropReason: "POLICY_DENIED",
        DropReasonCode: 133,
        EventType: 1,
      }),
    );

  test("a spike is held against the same hours of the days before, and those beside them", async () => {
    const day = 24 * hour;
    const first = denials(1, 5 * day);
    const spike = denials(200, 30 * minute);
    const kql = "HubbleDenialSpikes(ago(1h), now())";
    expect(await given([...first, ...spike], kql)).toMatchObject([
      {
        Namespace: "shop",
        Source: "shop",
        Flows: 200,
        Detail: "200 denials in the hour, at most 1 in that hour of the days before",
      },
    ]);
    // 09:30 yesterday, and 08:45: an hour beside it. 200 is not more than three times 67.
    expect(await given([...first, ...denials(67, day + 30 * minute), ...spike], kql)).toEqual([]);
    expect(await given([...first, ...denials(67, day + 75 * minute), ...spike], kql)).toEqual([]);
    expect(await given([...first, ...denials(66, day + 30 * minute), ...spike], kql)).toHaveLength(1);
    // At another time of the day it is no comparison; on the first day there is none.
    expect(await given([...first, ...denials(100, day + 5 * hour), ...spike], kql)).toHaveLength(1);
    expect(await given(spike, kql)).toEqual([]);
    expect(await given([...first, ...denials(99, 30 * minute)], kql)).toEqual([]);
  });

  test("the wire server as a resolver, and the namespaces of the system, are no contact with the metadata", async () => {
    const kql = "HubbleMetadataContacts(ago(1h), now())";
    const to = (DestinationIP: string, DestinationPort: number, columns: Answer = {}) =>
      packet(0, { DestinationIP, DestinationPort, ...columns });
    expect(
      await given([to("168.63.129.16", 53), to("169.254.169.254", 80, { SourceNamespace: "kube-system" })], kql),
    ).toEqual([]);
    expect(
      await given([to("169.254.169.254", 80, { SourceNamespace: undefined, SourcePodName: undefined })], kql),
    ).toEqual([]);
    const rows = await given(
      [
        to("168.63.129.16", 80),
        to("169.254.169.254", 80, {
          HTTPURL: "http://169.254.169.254/metadata/identity/oauth2/token?x=1",
          L7Type: "REQUEST",
        }),
      ],
      kql,
    );
    expect(rows.map(({ Target, Detail }) => [Target, Detail]).sort()).toEqual([
      ["168.63.129.16 TCP 80", "FORWARDED"],
      ["169.254.169.254 TCP 80", "FORWARDED /metadata/identity/oauth2/token"],
    ]);
    const aggregated = {
      SourceIP: undefined,
      SourcePodName: undefined,
      DestinationLabels: ["cidr:169.254.169.254/32", "reserved:world"],
    };
    expect(await given([packet(0, { ...aggregated, DestinationPort: 80 })], kql)).toMatchObject([
      { Source: "shop/web", Target: "169.254.169.254 TCP 80" },
    ]);
  });

  test("cleartext is what was encrypted at the same point before", async () => {
    const kql = "HubbleCleartext(ago(1h), now())";
    const to =
      (time: number, Encrypted: boolean | undefined, TraceObservationPoint = "TO_NETWORK") =>
      (index: number) =>
        packet(index, {
          TimeGenerated: ago(time - index * 1000),
          DestinationNamespace: "data",
          DestinationWorkloadName: "db",
          DestinationPort: 5432,
          Encrypted,
          TraceObservationPoint,
        });
    const before = many(10, to(3 * hour, true));
    expect(await given([...before, ...many(6, to(30 * minute, undefined))], kql)).toMatchObject([
      { Source: "shop/web", Target: "data/db", Flows: 6, Detail: "in the clear at TO_NETWORK on a" },
    ]);
    expect(await given([...before, ...many(6, to(30 * minute, undefined, "TO_ENDPOINT"))], kql)).toEqual([]);
    expect(await given([...before, ...many(4, to(30 * minute, undefined))], kql)).toEqual([]);
    expect(
      await given([...before, ...many(1, to(2 * hour, undefined)), ...many(6, to(30 * minute, undefined))], kql),
    ).toEqual([]);
    expect(await given([...before, ...many(6, to(30 * minute, true))], kql)).toEqual([]);
  });
});
