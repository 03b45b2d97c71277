import { datetimeText, datetimeTicks } from "../../tools/text/ticks.js";
import { randomSource } from "../kql/random-flows.js";
import type { Flow } from "../kql/reference/flow.js";

/** When the alerts are asked for: `now()` in the tests. */
export const now = datetimeTicks("2026-03-04T12:00:00Z")!;

const second = 10_000_000n;
export const minute = 60n * second;
export const hour = 60n * minute;

/** A row and when it arrived, a minute after its flow unless it says otherwise. */
export interface Arrival {
  row: Flow;
  ingested: bigint;
}

/** A row of a flow of so long ago. */
export function row(ago: bigint, columns: Flow, delay = minute): Arrival {
  return {
    row: { TimeGenerated: datetimeText(now - ago), ClusterName: "one", ...columns },
    ingested: now - ago + delay,
  };
}

const pods = ["cart", "web", "checkout"].map((workload, index) => ({
  SourceNamespace: "shop",
  SourceWorkloadName: workload,
  SourcePodName: `${workload}-7d9c5b6f4-x${index}`,
  SourceIP: `10.0.1.${index + 10}`,
  SourceIdentity: 20_000 + index,
}));
const database = {
  DestinationNamespace: "data",
  DestinationWorkloadName: "db",
  DestinationPodName: "db-0",
  DestinationIP: "10.0.2.20",
  DestinationIdentity: 30_000,
};
const outside = {
  DestinationIP: "203.0.113.9",
  DestinationIdentity: 16_777_230,
  DestinationLabels: ["cidr:203.0.113.9/32", "reserved:world"],
};

const resolver = {
  DestinationNamespace: "kube-system",
  DestinationWorkloadName: "coredns",
  DestinationPodName: "coredns-1",
  DestinationIP: "10.0.0.10",
  DestinationIdentity: 10_000,
};

/** A packet of the pod with that index. */
export function packet(pod: number, destination: Flow, columns: Flow = {}): Flow {
  return {
    NodeName: "a",
    Verdict: "FORWARDED",
    FlowType: "L3_L4",
    EventType: 4,
    TrafficDirection: "EGRESS",
    L4Protocol: "TCP",
    SourcePort: 40_000 + pod,
    DestinationPort: 443,
    TCPFlags: "SYN",
    Encrypted: true,
    ...pods[pod % pods.length],
    ...destination,
    ...columns,
  };
}

const denied: Flow = { Verdict: "DROPPED", EventType: 1, DropReason: "POLICY_DENIED", DropReasonCode: 133 };

/** Steps from one time ago to a later one. */
function steps(from: bigint, to: bigint, step: bigint): bigint[] {
  return Array.from({ length: Number((from - to) / step) + 1 }, (_, index) => from - BigInt(index) * step);
}

/**
 * Three hours of three nodes that send all their flows, with what looks like trouble and is none: ingress that is denied,
 * drops that no policy made, a name that is asked for again and again, egress denied before the window, a node that was
 * taken away, and one of which hardly anything is exported.
 */
export function ordinary(): Arrival[] {
  const random = randomSource(1);
  const flows = steps(3n * hour, 0n, 30n * second).flatMap((ago, index) =>
    ["a", "b", "c"].flatMap((NodeName, node) => [
      row(ago + second, packet(node, { ...database, DestinationPort: 5432 }, { NodeName })),
      // Users come when they like; nothing calls the outside by the clock.
      ...(random() < 0.5
        ? [
            row(
              ago + BigInt(Math.floor(random() * 29 * Number(second))),
              packet(node, outside, { NodeName, SourcePort: 41_000 + (index % 20) }),
            ),
          ]
        : []),
      row(ago, {
        ...packet(node, resolver),
        NodeName,
        FlowType: "L7",
        L7Type: "REQUEST",
        EventType: 129,
        L4Protocol: "UDP",
        DestinationPort: 53,
        DNSQuery: "api.example.com.",
        DNSQueryTypes: ["A"],
      }),
    ]),
  );
  const trouble = [
    row(5n * minute, packet(0, database, { ...denied, TrafficDirection: "INGRESS" })),
    row(5n * minute, packet(1, outside, { Verdict: "DROPPED", EventType: 1, DropReason: "CT_MAP_INSERTION_FAILED" })),
    row(16n * minute, packet(2, outside, denied)),
    row(4n * minute, { NodeName: "a", ExportEvent: "lost_events", AdditionalFields: lost("0") }),
  ];
  const gone = steps(3n * hour, 80n * minute, minute).map((ago) => row(ago, packet(0, database, { NodeName: "gone" })));
  const quiet = [170n, 90n, 40n].map((ago) => row(ago * minute, packet(0, database, { NodeName: "quiet" })));
  return [...flows, ...trouble, ...gone, ...quiet];
}

function lost(count: string): Flow {
  return { "lost_events.source": "PERF_EVENT_RING_BUFFER", "lost_events.num_events_lost": count };
}

export interface Scenario {
  /** What comes beside ordinary traffic. */
  rows: Arrival[];
  /** Rows of ordinary traffic that do not come. */
  without?: (arrival: Arrival) => boolean;
  /** What the alert gives, worked out from the rows. */
  expected: Flow[];
}

const isOf = (node: string, within: bigint) => (arrival: Arrival) =>
  arrival.row.NodeName === node && arrival.ingested - minute > now - within;

/** For the alerts whose rows the functions of adx/functions.kql decide. */
export const scenarios: Record<string, Scenario> = {
  "egress-blocked": {
    rows: [
      // A packet that gives a verdict and a drop is one.
      row(10n * minute, packet(0, outside, { ...denied, EventType: 5 })),
      row(10n * minute - 1_000n, packet(0, outside, denied)),
      // It is tried again.
      row(9n * minute, packet(0, outside, denied)),
      row(
        3n * minute,
        packet(0, database, { ...denied, SourcePodName: "cart-7d9c5b6f4-other", DestinationPort: 5432 }),
      ),
      row(
        2n * minute,
        packet(1, outside, {
          ...denied,
          DropReason: "POLICY_DENY",
          PolicyName: "no-internet",
          PolicyNamespace: "shop",
        }),
      ),
    ],
    expected: [
      {
        Namespace: "shop",
        Source: "shop/cart",
        Target: "203.0.113.9 TCP 443, data/db-0 TCP 5432",
        Detail: "no policy allows it",
        Flows: 3,
        LastSeen: "2026-03-04T11:57:00Z",
      },
      {
        Namespace: "shop",
        Source: "shop/web",
        Target: "203.0.113.9 TCP 443",
        Detail: "denied by shop/no-internet",
        Flows: 1,
        LastSeen: "2026-03-04T11:58:00Z",
      },
    ],
  },
  "silent-nodes": {
    rows: [],
    without: isOf("c", 12n * minute),
    // The last rows are of 11:48.
    expected: [{ Source: "c", LastSeen: "2026-03-04T11:45:00Z" }],
  },
  "ingestion-lag": {
    // A node of which one row in nine is on time.
    rows: steps(9n * minute, 2n * minute, minute)
      .map((ago) => row(ago + 6n * minute, packet(0, database, { NodeName: "late" }), 6n * minute))
      .concat(row(minute, packet(0, database, { NodeName: "late" }), second)),
    expected: [{ Source: "late", Flows: 9, Detail: "95 % of its rows arrived within 360 seconds" }],
  },
  "unreadable-records": {
    rows: [
      row(9n * minute, {
        NodeName: "b",
        ParseError: "unexpected end of the text at byte 16384",
        RawMessage: '{"flow":{',
      }),
      row(4n * minute, { NodeName: "b", ParseError: "unexpected end of the text at byte 90", RawMessage: '{"flow":{' }),
    ],
    expected: [{ Source: "b", Flows: 2, Detail: "unexpected end of the text at byte …" }],
  },
  "lost-events": {
    rows: [
      row(9n * minute, { NodeName: "b", ExportEvent: "lost_events", AdditionalFields: lost("5") }),
      row(4n * minute, { NodeName: "b", ExportEvent: "lost_events", AdditionalFields: lost("7") }),
    ],
    expected: [{ Source: "b", Flows: 12, Detail: "in PERF_EVENT_RING_BUFFER" }],
  },
};

/** The whole cluster falls silent, which is no node that was taken away. */
export const silentCluster: Scenario = {
  rows: [],
  without: (arrival) => arrival.ingested - minute > now - 2n * hour,
  // The quiet node is no regular one.
  expected: ["a", "b", "c", "gone"].map((Source) => ({ Source })),
};
