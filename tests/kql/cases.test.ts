import { describe, expect, test } from "vitest";
import type { Answer } from "./reference/flow.js";
import { answer, load } from "./support.js";
import { openEngine } from "../support/engine.js";

// Rows that once gave a wrong number, small enough to work the right one out in the head.

const at = (time: string) => `2026-03-04T${time}Z`;

async function given(rows: Answer[], kql: string): Promise<Answer[]> {
  const engine = await openEngine();
  try {
    await load(engine, rows);
    return await answer(engine, kql);
  } finally {
    engine.close();
  }
}

const denied: Answer = {
  Verdict: "DROPPED",
  DropReason: "POLICY_DENIED",
  TrafficDirection: "EGRESS",
  FlowType: "L3_L4",
  SourceIP: "10.0.0.1",
  SourcePort: 40000,
  DestinationIP: "203.0.113.9",
  DestinationPort: 443,
  L4Protocol: "TCP",
};

describe("a denied packet counts once", () => {
  test.each([
    [
      "a verdict and its drop",
      [
        ["09:00:00.0000000", 5],
        ["09:00:00.0000400", 1],
      ],
      1,
    ],
    [
      "a drop that is tried again",
      [
        ["09:00:00.0000000", 5],
        ["09:00:00.0000400", 1],
        ["09:00:01.1", 1],
        ["09:00:03.1", 1],
      ],
      3,
    ],
    ["a verdict alone", [["09:00:00", 5]], 1],
    [
      "two verdicts and their drops",
      [
        ["09:00:00", 5],
        ["09:00:00.0001", 1],
        ["09:00:05", 5],
        ["09:00:05.0001", 1],
      ],
      2,
    ],
    [
      "a verdict and a drop on either side of a five-minute bin",
      [
        ["09:04:59.9999990", 5],
        ["09:05:00.0000100", 1],
      ],
      1,
    ],
  ])("%s", async (_, events, packets) => {
    const rows = events.map(([time, EventType]) => ({ ...denied, TimeGenerated: at(time as string), EventType }));
    const sums =
      "HubbleDeniedEgress(ago(1h), now()) | summarize a = sum(Attempts); HubbleDrops(ago(1h), now()) | summarize b = sum(Drops)";
    expect(await given(rows, sums)).toEqual([{ b: packets }]);
    expect(await given(rows, sums.split(";")[0]!)).toEqual([{ a: packets }]);
    const [talker] = await given(rows, "HubbleTopTalkers(ago(1h), now())");
    expect(talker).toMatchObject({ Connections: 1, Flows: rows.length, Dropped: packets });
  });

  test("of another direction or port it is another packet", async () => {
    const rows = [
      { ...denied, TimeGenerated: at("09:00:00"), EventType: 5 },
      { ...denied, TimeGenerated: at("09:00:00.0001"), EventType: 1, TrafficDirection: "INGRESS" },
      { ...denied, TimeGenerated: at("09:00:00.0002"), EventType: 1, SourcePort: 40001 },
    ];
    expect(await given(rows, "HubbleDeniedFlows(ago(1h), now()) | summarize Sum = sum(Packets)")).toEqual([{ Sum: 3 }]);
  });

  test("the drop is named after the policy that its verdict names", async () => {
    const rows = [
      { ...denied, TimeGenerated: at("09:00:00"), EventType: 5, PolicyName: "deny", PolicyNamespace: "shop" },
      { ...denied, TimeGenerated: at("09:00:00.0001"), EventType: 1 },
      { ...denied, TimeGenerated: at("09:00:01"), EventType: 1 },
    ];
    expect(await given(rows, "HubbleDeniedEgress(ago(1h), now()) | project Attempts, Policies")).toEqual([
      { Attempts: 2, Policies: ["shop/deny"] },
    ]);
  });
});

describe("reasons have words", () => {
  test.each([
    [{ DropReason: "POLICY_DENIED" }, "POLICY_DENIED", "No policy allows it"],
    [{ DropReasonCode: 181 }, "POLICY_DENY", "A deny policy forbids it"],
    [{ DropReason: "POLICY_DENY", DropReasonCode: 181 }, "POLICY_DENY", "A deny policy forbids it"],
    [{ DropReason: "SOMETHING_NEW" }, "SOMETHING_NEW", ""],
    [{}, "DROP_REASON_UNKNOWN", "Unknown"],
  ])("%o", async (columns, Reason, Meaning) => {
    const rows = [{ ...columns, TimeGenerated: at("09:00:00"), Verdict: "DROPPED", EventType: 1 }];
    expect(await given(rows, "HubbleDrops(ago(1h), now()) | project Reason, Meaning, Drops")).toEqual([
      { Reason, Meaning, Drops: 1 },
    ]);
  });
});

describe("ranges", () => {
  const rows = ["09:01:00", "09:04:59.9999999", "09:05:00", "09:07:30", "09:10:00", "09:13:00"].map((time) => ({
    TimeGenerated: at(time),
    Verdict: "FORWARDED",
  }));
  test.each([
    ["09:08:00", "09:13:00", 2],
    ["09:01:30", "09:04:59.9999999", 1],
    ["09:04:59.9999999", "09:05:00", 2],
    ["09:00:00", "09:15:00", 6],
    ["09:02:00", "09:12:00", 4],
    ["09:07:30", "09:07:30", 1],
    ["09:12:00", "09:11:00", 0],
  ])("%s to %s", async (from, to, flows) => {
    const range = `datetime(${at(from)}), datetime(${at(to)})`;
    expect(await given(rows, `HubbleFlowCounts(${range}) | summarize Flows = sum(Flows)`)).toEqual([{ Flows: flows }]);
  });
});

describe("DNS", () => {
  const request = (time: string, name: string, port: number, more: Answer = {}): Answer => ({
    TimeGenerated: at(time),
    L7Type: "REQUEST",
    DNSQuery: `${name}.`,
    DNSQueryTypes: ["A"],
    SourceNamespace: "shop",
    SourcePodName: "web-1",
    SourceIP: "10.0.0.1",
    SourcePort: port,
    DestinationIP: "10.0.0.10",
    DestinationPort: 53,
    Verdict: "FORWARDED",
    ...more,
  });
  const response = (time: string, name: string, port: number, code?: number): Answer => ({
    TimeGenerated: at(time),
    L7Type: "RESPONSE",
    DNSQuery: `${name}.`,
    DNSQueryTypes: ["A"],
    DestinationNamespace: "shop",
    DestinationPodName: "web-1",
    DestinationIP: "10.0.0.1",
    DestinationPort: port,
    SourceIP: "10.0.0.10",
    SourcePort: 53,
    Verdict: "FORWARDED",
    Reply: true,
    DNSResponseCode: code,
  });
  const asked = (time: number, name: string, code?: number) => [
    request(`09:00:0${time}.0`, name, 40000 + time),
    response(`09:00:0${time}.1`, name, 40000 + time, code),
  ];
  const failures = "HubbleDnsFailures(ago(1h), now()) | project Query, Failures";
  const misses = "HubbleDnsSearchMisses(ago(1h), now()) | summarize Misses = sum(Misses)";

  test("a name that the last form finds has not failed", async () => {
    const rows = [
      ...asked(1, "api.example.com.shop.svc.cluster.local", 3),
      ...asked(2, "api.example.com.svc.cluster.local", 3),
      ...asked(3, "api.example.com.cluster.local", 3),
      ...asked(4, "api.example.com"),
    ];
    expect(await given(rows, failures)).toEqual([]);
    expect(await given(rows, misses)).toEqual([{ Misses: 3 }]);
  });

  test("a name that no form finds has failed once", async () => {
    const rows = [
      ...asked(1, "no.example.com.shop.svc.cluster.local", 3),
      ...asked(2, "no.example.com.svc.cluster.local", 3),
      ...asked(3, "no.example.com.cluster.local", 3),
      ...asked(4, "no.example.com.x1.bx.internal.cloudapp.net", 3),
      ...asked(5, "no.example.com", 3),
    ];
    expect(await given(rows, failures)).toEqual([{ Query: "no.example.com", Failures: 1 }]);
    expect(await given(rows, misses)).toEqual([{ Misses: 4 }]);
  });

  test("a service of another namespace is found by the second form", async () => {
    const rows = [...asked(1, "db.data.shop.svc.cluster.local", 3), ...asked(2, "db.data.svc.cluster.local")];
    expect(await given(rows, failures)).toEqual([]);
  });

  test("a form that nothing follows is a failure, and so is SERVFAIL", async () => {
    const rows = [...asked(1, "gone.shop.svc.cluster.local", 3), ...asked(5, "slow.example.com", 2)];
    expect(await given(rows, failures)).toEqual([
      { Query: "gone.shop.svc.cluster.local", Failures: 1 },
      { Query: "slow.example.com", Failures: 1 },
    ]);
  });

  test("a lookup that crosses two bins is found, its types as text", async () => {
    const rows = [request("09:19:58", "a.example", 40000), response("09:20:03", "a.example", 40000)];
    expect(await given(rows, "HubbleDnsLatency(ago(1h), now()) | project LatencyMs, Types, ResponseCode")).toEqual([
      { LatencyMs: 5000, Types: "A", ResponseCode: "NOERROR" },
    ]);
  });

  test("a request without an answer is a timeout, one that is asked again is timed from the first", async () => {
    const rows = [
      request("09:00:00", "lost.example", 40001),
      request("09:00:00", "again.example", 40002),
      request("09:00:05", "again.example", 40002),
      response("09:00:05.02", "again.example", 40002),
      request("09:00:00", "denied.example", 40003, { Verdict: "DROPPED" }),
      request("09:05:00", "pending.example", 40004),
    ];
    expect(await given(rows, "HubbleDnsLatency(ago(1h), now()) | project Query, LatencyMs, ResponseCode")).toEqual([
      { Query: "again.example", LatencyMs: 5020, ResponseCode: "NOERROR" },
      { Query: "lost.example", LatencyMs: null, ResponseCode: "TIMEOUT" },
    ]);
  });
});

describe("who is who", () => {
  test("a reply without is_reply is no talker", async () => {
    const back = {
      TimeGenerated: at("09:00:00"),
      Verdict: "FORWARDED",
      TraceObservationPoint: "FROM_ENDPOINT",
      SourceNamespace: "shop",
      SourceWorkloadName: "cart",
      SourcePort: 8080,
      SourceIP: "10.0.0.2",
      DestinationNamespace: "shop",
      DestinationWorkloadName: "web",
      DestinationPort: 51544,
      DestinationIP: "10.0.0.1",
      L4Protocol: "TCP",
    };
    const forth = {
      ...back,
      SourceWorkloadName: "web",
      SourcePort: 51544,
      DestinationWorkloadName: "cart",
      DestinationPort: 8080,
    };
    expect(
      await given(
        [back, forth, { ...back, TCPFlags: "SYN,ACK" }, { ...forth, TCPFlags: "SYN" }],
        "HubbleTopTalkers(ago(1h), now()) | project Source, Destination, DestinationPort, Flows",
      ),
    ).toEqual([{ Source: "shop/web", Destination: "shop/cart", DestinationPort: 8080, Flows: 2 }]);
  });

  test("a source with a CIDR identity is outside", async () => {
    const rows = [
      {
        TimeGenerated: at("09:00:00"),
        SourceIdentity: 16777230,
        SourceLabels: ["cidr:203.0.113.0/24", "reserved:world"],
        UUID: "cidr",
      },
      { TimeGenerated: at("09:00:00"), SourceIdentity: 9, UUID: "ipv4" },
      { TimeGenerated: at("09:00:00"), SourceIdentity: 1, SourceLabels: ["reserved:host"], UUID: "host" },
    ];
    expect(await given(rows, "HubbleFlows | where HubbleIsWorld(SourceIdentity, SourceLabels) | project UUID")).toEqual(
      [{ UUID: "cidr" }, { UUID: "ipv4" }],
    );
  });

  test("an HTTP error that is seen at both ends is one", async () => {
    const error = {
      Verdict: "FORWARDED",
      L7Type: "RESPONSE",
      HTTPMethod: "GET",
      HTTPURL: "http://cart/api/7?x=1",
      HTTPCode: 503,
      SourceIP: "10.0.0.2",
      SourcePort: 8080,
      DestinationIP: "10.0.0.1",
      Reply: true,
    };
    const rows = [
      {
        ...error,
        TimeGenerated: at("09:00:00.990"),
        TrafficDirection: "INGRESS",
        NodeName: "a",
        DestinationPort: 40000,
      },
      {
        ...error,
        TimeGenerated: at("09:00:01.010"),
        TrafficDirection: "EGRESS",
        NodeName: "b",
        DestinationPort: 41000,
      },
      { ...error, TimeGenerated: at("09:00:09"), TrafficDirection: "EGRESS", NodeName: "b", DestinationPort: 41001 },
    ];
    expect(await given(rows, "HubbleHttpErrors(ago(1h), now(), 400, true) | project Path, Errors")).toEqual([
      { Path: "/api/{id}", Errors: 2 },
    ]);
  });
});

describe("edges", () => {
  const pod = (side: string, namespace: string, name: string): Answer => ({
    [`${side}Namespace`]: namespace,
    [`${side}PodName`]: `${name}-${side}`,
    [`${side}IP`]: `10.0.0.${name.length}`,
    [`${side}Labels`]: [`k8s:app=${name}`],
  });
  const web = {
    Verdict: "FORWARDED",
    FlowType: "L3_L4",
    TrafficDirection: "EGRESS",
    L4Protocol: "TCP",
    ...pod("Source", "shop", "web"),
    ...pod("Destination", "shop", "cart"),
    DestinationPort: 8080,
    TCPFlags: "SYN",
  };

  test("connections of a pair count once each; replies and socket traces are left out", async () => {
    const rows = [
      { ...web, TimeGenerated: at("09:00:00"), SourcePort: 40000, Verdict: "REDIRECTED" },
      { ...web, TimeGenerated: at("09:00:01"), SourcePort: 40000, TCPFlags: "ACK", Reply: false },
      { ...web, TimeGenerated: at("09:00:02"), SourcePort: 40001 },
      { ...web, TimeGenerated: at("09:00:03"), SourcePort: 40002, Reply: true },
      { ...web, TimeGenerated: at("09:00:04"), SourcePort: 40003, FlowType: "SOCK" },
    ];
    const columns =
      "FirstSeen, LastSeen, Flows, Verdict, Reply, SourcePort, SourceIP, SourcePodName, DestinationLabels";
    expect(await given(rows, `HubbleEdges(ago(1h), now()) | project ${columns}`)).toEqual([
      {
        FirstSeen: at("09:00:00"),
        LastSeen: at("09:00:02"),
        Flows: 2,
        Verdict: "FORWARDED",
        Reply: false,
        SourcePort: null,
        SourceIP: "",
        SourcePodName: "web-Source",
        DestinationLabels: ["k8s:app=cart"],
      },
    ]);
  });

  test("a packet that may be a reply keeps its source's port, and an address stands where no pod does", async () => {
    const rows = [
      { ...web, TimeGenerated: at("09:00:00"), TCPFlags: "ACK", SourcePort: 50051, DestinationPort: 41000 },
      {
        ...web,
        TimeGenerated: at("09:00:01"),
        SourcePort: 40000,
        DestinationNamespace: null,
        DestinationPodName: null,
      },
    ];
    const kql =
      "HubbleEdges(ago(1h), now()) | project SourcePort, Reply, DestinationPort, DestinationIP | order by DestinationPort asc";
    expect(await given(rows, kql)).toEqual([
      { SourcePort: null, Reply: false, DestinationPort: 8080, DestinationIP: "10.0.0.4" },
      { SourcePort: 50051, Reply: null, DestinationPort: 41000, DestinationIP: "" },
    ]);
  });

  test("HTTP requests of one pattern are one edge, with the newest as the example", async () => {
    const http = { ...web, FlowType: "L7", L7Type: "REQUEST", HTTPMethod: "GET", TCPFlags: null };
    const rows = [
      { ...http, TimeGenerated: at("09:00:00"), SourcePort: 40000, HTTPURL: "http://cart:8080/api/cart/1" },
      { ...http, TimeGenerated: at("09:00:01"), SourcePort: 40000, HTTPURL: "http://cart:8080/api/cart/2?full=1" },
      {
        ...http,
        TimeGenerated: at("09:00:02"),
        SourcePort: 40000,
        HTTPURL: "http://cart:8080/api/cart/2",
        L7Type: "RESPONSE",
      },
    ];
    expect(await given(rows, "HubbleEdges(ago(1h), now()) | project HTTPURL, Flows")).toEqual([
      { HTTPURL: "http://cart:8080/api/cart/2?full=1", Flows: 1 },
    ]);
  });
});
