import { datetimeText } from "../../tools/text/ticks.js";
import { minute, originTicks, second, type Flow } from "./reference/flow.js";

/** Numbers that look random, the same for the same seed (mulberry32). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The times between which random flows lie. */
export const span = { start: 9 * 60 * minute, end: 9 * 60 * minute + 40 * minute };

/**
 * Rows of a small cluster, in which everything that the functions tell apart occurs: aggregated flows, replies with and
 * without `is_reply`, verdicts beside their drops, both ends of an exchange, search paths, lookups without an answer,
 * nulls everywhere. No two rows have the same time.
 */
export function randomFlows(seed: number, count: number): Flow[] {
  const random = randomSource(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const one = <T>(choices: readonly T[]): T => choices[upTo(choices.length)]!;
  const maybe = (probability: number) => random() < probability;
  const used = new Set<number>();
  const flows: Flow[] = [];

  const add = (time: number, flow: Flow) => {
    while (used.has(time)) time += 1;
    used.add(time);
    const row = { TimeGenerated: datetimeText(originTicks(time)), UUID: `flow-${flows.length}`, ...flow };
    flows.push(Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)));
  };
  const pod = (): End => {
    const [namespace, workload] = one([
      ["shop", "cart"],
      ["shop", "web"],
      ["data", "db"],
      ["data", "cart"],
    ] as const);
    const index = upTo(2);
    return {
      namespace,
      workload,
      pod: `${workload}-${index}`,
      ip: `10.0.${namespace === "shop" ? 1 : 2}.${workload.length * 10 + index}`,
    };
  };
  const world = (): End =>
    one([
      { ip: "203.0.113.9", identity: 16777230, labels: ["cidr:203.0.113.0/24", "reserved:world"] },
      { ip: "203.0.113.10", identity: 2, labels: ["reserved:world"], names: ["api.example.com."] },
      { ip: "10.0.0.4", identity: 6, labels: ["reserved:remote-node"] },
      { identity: 2, labels: ["reserved:world"] },
      {},
    ]);
  const end = () => (maybe(0.7) ? pod() : world());
  const ends = (source: End, destination: End): Flow => ({
    ...columnsOf("Source", source),
    ...columnsOf("Destination", destination),
  });
  const common = (): Flow => ({ ClusterName: one(["one", "two", undefined]), NodeName: one(["a", "b"]) });
  const clientPort = () => (maybe(0.9) ? 32768 + upTo(4) : 1024 + upTo(3));

  const packet = (time: number) => {
    const isBack = maybe(0.3);
    const [client, server] = [clientPort(), one([80, 443, 5432])];
    const protocol = one(["TCP", "UDP", "ICMPv4"]);
    const ports =
      protocol === "ICMPv4" ? {} : { SourcePort: isBack ? server : client, DestinationPort: isBack ? client : server };
    add(time, {
      ...common(),
      ...ends(end(), end()),
      ...ports,
      Verdict: one(["FORWARDED", "REDIRECTED", "TRACED", "AUDIT", "ERROR", undefined]),
      FlowType: one(["L3_L4", "SOCK"]),
      EventType: one([4, 4, 5, undefined]),
      L4Protocol: protocol,
      TrafficDirection: one(["INGRESS", "EGRESS", "EGRESS", undefined]),
      Reply: one([isBack, isBack, undefined]),
      TCPFlags: protocol === "TCP" ? one([isBack ? "SYN,ACK" : "SYN", "ACK", "PSH,ACK", undefined]) : undefined,
      PolicyName: one(["allow", undefined]),
      PolicyNamespace: one(["shop", undefined]),
      PolicyKind: "CiliumNetworkPolicy",
      PolicyMatchType: one([1, 2, 99, undefined]),
    });
  };
  const aggregated = (time: number) => {
    const bare = (each: End): End => ({ ...each, pod: undefined, ip: undefined });
    add(time, {
      ...common(),
      ...ends(bare(end()), bare(end())),
      Verdict: one(["FORWARDED", "DROPPED"]),
      DropReason: one(["POLICY_DENIED", undefined]),
      FlowType: "L3_L4",
      EventType: one([1, 4, 5, undefined]),
      L4Protocol: "TCP",
      DestinationPort: one([80, 443, undefined]),
      TrafficDirection: one(["INGRESS", "EGRESS"]),
      Reply: one([true, false, false, undefined]),
      IngressFlowCount: one([undefined, 0, 7]),
      EgressFlowCount: one([undefined, 500]),
      UnknownDirectionFlowCount: one([undefined, 3]),
    });
  };
  const drop = (time: number) => {
    const base: Flow = {
      ...common(),
      ...ends(end(), end()),
      Verdict: "DROPPED",
      FlowType: "L3_L4",
      L4Protocol: one(["TCP", "ICMPv4"]),
      ...one([{ SourcePort: clientPort(), DestinationPort: 443 }, {}]),
      TrafficDirection: one(["INGRESS", "EGRESS", undefined]),
      TCPFlags: one(["SYN", undefined]),
      Reply: one([false, undefined]),
      ...one<Flow>([
        { DropReason: "POLICY_DENIED", DropReasonCode: 133 },
        { DropReason: "POLICY_DENY" },
        { DropReasonCode: 181 },
        { DropReasonCode: 169 },
        { DropReason: "SOMETHING_NEW" },
        {},
      ]),
    };
    const policy = one<Flow>([
      {},
      { PolicyName: "deny", PolicyNamespace: "shop", PolicyKind: "CiliumNetworkPolicy" },
      { PolicyName: "deny-all", PolicyKind: "CiliumClusterwideNetworkPolicy" },
    ]);
    if (maybe(0.6)) add(time, { ...base, ...policy, EventType: 5 });
    // Right behind the verdict, later, at the border of two slots, or not at all.
    if (maybe(0.8)) add(time + one([1, 400, 499_999, 700_000, 30_000_000]), { ...base, EventType: 1 });
    if (maybe(0.2)) add(time + 10_000_000, { ...base, EventType: 1 });
    if (maybe(0.1))
      add(time, { ...base, EventType: one([129, undefined]), FlowType: "L7", L7Type: "REQUEST", HTTPMethod: "GET" });
  };
  const dns = (time: number) => {
    const client = pod();
    const server: End = { namespace: "kube-system", workload: "coredns", pod: "coredns-1", ip: "10.0.0.10" };
    const name = one(["api.example.com", "db.data", "cart", "a.b.c.d.e.example.com"]);
    const path = [
      `.${client.namespace}.svc.cluster.local`,
      ".svc.cluster.local",
      ".cluster.local",
      ".x1.bx.internal.cloudapp.net",
    ].map((suffix) => name + suffix);
    const forms = name.split(".").length > 5 ? [name, ...path] : [...path, name];
    const cluster = common();
    let at = time;
    for (const [index, form] of forms.slice(upTo(3), 1 + upTo(forms.length)).entries()) {
      const shared: Flow = {
        ...cluster,
        FlowType: "L7",
        EventType: 129,
        DNSQuery: `${form}.`,
        DNSQueryTypes: one([["A"], ["AAAA"], undefined]),
        L4Protocol: "UDP",
        TrafficDirection: "EGRESS",
      };
      const port = maybe(0.95) ? 40_000 + upTo(3) : undefined;
      const refused = maybe(0.1);
      if (maybe(0.9))
        add(at, {
          ...shared,
          ...ends(client, server),
          SourcePort: port,
          DestinationPort: 53,
          L7Type: "REQUEST",
          Verdict: refused ? "DROPPED" : "FORWARDED",
          DropReason: refused ? one(["POLICY_DENIED", undefined]) : undefined,
        });
      if (maybe(0.2))
        add(at + 5 * second, {
          ...shared,
          ...ends(client, server),
          SourcePort: port,
          DestinationPort: 53,
          L7Type: "REQUEST",
          Verdict: "FORWARDED",
        });
      const answer = at + one([5_000, 2_000_000, 6 * second, 29 * second, 31 * second]);
      if (maybe(0.85) && !refused)
        add(answer, {
          ...shared,
          ...ends(server, client),
          SourcePort: 53,
          DestinationPort: port,
          L7Type: "RESPONSE",
          Reply: true,
          Verdict: "FORWARDED",
          DNSResponseCode: one([3, 3, 2, undefined, 0]),
        });
      at = answer + one([100_000, 5_000_000, 9_999_999, 12_000_000]) + index;
    }
  };
  const http = (time: number) => {
    const shared: Flow = {
      ...common(),
      ...ends(end(), end()),
      FlowType: "L7",
      EventType: 129,
      L7Type: "RESPONSE",
      Reply: one([true, undefined]),
      Verdict: "FORWARDED",
      SourcePort: 80,
      HTTPMethod: one(["GET", "POST"]),
      HTTPCode: one([200, 404, 503, undefined]),
      LatencyNs: one([undefined, 1_500_000 + upTo(1000), 90_000_000 + upTo(1000)]),
      HTTPURL: one([
        "/",
        "/api/cart/7731/items/9?x=1",
        "http://cart:8080/v1/6f1ed002ab5595859014ebf0951522d9#top",
        "http://cart",
        "/a/550e8400-e29b-41d4-a716-446655440000",
        undefined,
      ]),
    };
    if (maybe(0.7)) add(time, { ...shared, DestinationPort: clientPort(), TrafficDirection: "INGRESS" });
    if (maybe(0.7))
      add(time + one([30_000, 9_000_000, 25_000_000]), {
        ...shared,
        DestinationPort: clientPort(),
        TrafficDirection: one(["EGRESS", "EGRESS", undefined]),
      });
  };
  const other = (time: number) =>
    add(
      time,
      one<Flow>([
        { NodeName: "a", ParseError: `unexpected end of the text at byte ${upTo(9000)}`, RawMessage: '{"flow":{' },
        {
          NodeName: "b",
          ExportEvent: "lost_events",
          AdditionalFields: {
            "lost_events.source": "PERF_EVENT_RING_BUFFER",
            "lost_events.num_events_lost": one(["5", 7]),
          },
        },
      ]),
    );

  const makers = [packet, packet, packet, aggregated, drop, drop, dns, dns, http, http, other];
  while (flows.length < count) one(makers)(span.start + upTo(span.end - span.start));
  return flows;
}

interface End {
  namespace?: string;
  workload?: string;
  pod?: string | undefined;
  ip?: string | undefined;
  identity?: number;
  labels?: string[];
  names?: string[];
}

function columnsOf(
  side: "Source" | "Destination",
  { namespace, workload, pod, ip, identity, labels, names }: End,
): Flow {
  const columns = {
    Namespace: namespace,
    WorkloadName: workload,
    PodName: pod,
    IP: ip,
    Identity: identity,
    Labels: labels,
    Names: names,
  };
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [side + name, value]));
}
