import { randomSource } from "../kql/random-flows.js";

/** A row of HubbleFlows. */
export type Row = Record<string, unknown>;

/** What becomes of all requests of one kind: it passes, no rule allows it, or a deny rule forbids it. */
export type Fate = "passed" | "missing" | "forbidden";

/** Whether workloads can be told apart by labels. */
export type Labelling = "telling" | "any";

interface Pod {
  namespace: string;
  workload: string;
  pod: string;
  ip: string;
  labels: string[];
}

interface Other {
  ip: string;
  labels: string[];
  identity?: number;
  names?: string[];
}

type Endpoint = Pod | Other;

const cluster = "blue";
const namespaces = ["shop", "data", "kube-system"];
/** Texts that YAML 1.1 would take for something else stand among them. */
const words = ["cart", "web", "db", "n", "on", "1e3", "0x10", "012", "null"];

/**
 * Rows of a made-up cluster, in the order in which they were seen: pods of workloads with labels of every custom, nodes,
 * the API server, addresses with and without names; requests and replies, seen at one end or both, whole or only as
 * verdicts; requests of one kind always have the same fate.
 * @param labelling whether labels may be such that nothing tells two workloads apart.
 */
export function randomCluster(seed: number, count: number, labelling: Labelling): Row[] {
  const random = randomSource(seed);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const one = <T>(choices: readonly T[]): T => choices[upTo(choices.length)]!;
  const maybe = (probability: number) => random() < probability;

  const pods = namespaces.flatMap((namespace, at) =>
    words.slice(0, 2 + upTo(4)).flatMap((word, index) => {
      const own = labelsOf(word, labelling === "any" ? one([0, 1, 2, 3, 4, 5]) : index % 4, one);
      return [0, 1].slice(0, 1 + upTo(2)).map((replica): Pod => ({
        namespace,
        workload: maybe(0.9) || labelling === "any" ? word : "",
        pod: `${word}-${replica}`,
        ip: `10.0.${at}.${index * 4 + replica}`,
        labels: [
          ...own,
          ...(maybe(0.5) ? [`k8s:pod-template-hash=${upTo(1e6)}`] : []),
          `k8s:statefulset.kubernetes.io/pod-name=${word}-${replica}`,
          `k8s:io.kubernetes.pod.namespace=${namespace}`,
          `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
          `k8s:io.cilium.k8s.policy.cluster=${cluster}`,
          `k8s:io.cilium.k8s.policy.serviceaccount=${word}`,
        ].sort(),
      }));
    }),
  );
  const others: Other[] = [
    { ip: "10.1.0.1", labels: ["reserved:host"], identity: 1 },
    { ip: "10.1.0.2", labels: ["reserved:remote-node"], identity: 6 },
    { ip: "10.1.0.3", labels: ["reserved:kube-apiserver", "reserved:world"], identity: 7 },
    { ip: "10.1.0.4", labels: ["reserved:health"], identity: 4 },
    { ip: "10.1.0.5", labels: [], identity: 8 },
    { ip: "203.0.113.1", labels: ["reserved:world"], identity: 2 },
    { ip: "203.0.113.2", labels: ["cidr:203.0.113.2/32", "reserved:world"], identity: 16777217 },
    { ip: "2001:db8::3", labels: ["reserved:world-ipv6"], identity: 10 },
    { ip: "203.0.113.4", labels: ["reserved:world"], names: ["api.example.com."] },
    { ip: "203.0.113.5", labels: ["reserved:world"], names: ["Img.example.net."] },
    { ip: "203.0.113.6", labels: [], identity: 2, names: ["_svc.example.org"] },
  ];
  const fates = new Map<string, Fate>();
  const fateOf = (source: Endpoint, destination: Endpoint, service: Row): Fate => {
    const key = JSON.stringify([nameOf(source), nameOf(destination), service]);
    const fate = fates.get(key) ?? one<Fate>(["passed", "passed", "passed", "missing", "forbidden"]);
    fates.set(key, fate);
    return fate;
  };

  const rows: Row[] = [];
  for (let i = 0; i < count; i++) {
    const pod = one(pods);
    const other: Endpoint = maybe(0.6) ? one(pods) : one(others);
    const [source, destination] = maybe(0.5) ? [pod, other] : [other, pod];
    const service = one<Row>([
      { L4Protocol: "TCP", DestinationPort: one([80, 443, 5432, 8080]) },
      { L4Protocol: "UDP", DestinationPort: one([53, 123]) },
      { L4Protocol: "SCTP", DestinationPort: 2905 },
      { L4Protocol: "ICMPv4", ICMPType: 8 },
      { L4Protocol: "ICMPv6", ICMPType: 128 },
    ]);
    const fate = fateOf(source, destination, service);
    // Which end denies it is the fate's too: the source, if it is a pod.
    const deniesAt = "pod" in source ? "EGRESS" : "INGRESS";
    const time = `2026-03-04T09:00:${String(i % 60).padStart(2, "0")}.${String(i).padStart(7, "0")}Z`;
    const ends = (["EGRESS", "INGRESS"] as const).filter((end) => "pod" in (end === "EGRESS" ? source : destination));
    const seenAt: ("EGRESS" | "INGRESS")[] = fate === "passed" ? (maybe(0.5) ? ends : [one(ends)]) : [deniesAt];
    const clientPort = service.ICMPType === undefined ? { SourcePort: 40000 + upTo(4) } : {};
    for (const end of seenAt) {
      const base = {
        TimeGenerated: time,
        FlowType: "L3_L4",
        ClusterName: cluster,
        NodeName: `node-${end}`,
        TrafficDirection: end,
        ...columnsOf("Source", source),
        ...columnsOf("Destination", destination),
        ...service,
        ...clientPort,
      };
      rows.push({
        ...base,
        ...outcome(fate, one),
        ...(maybe(0.5) ? { EventType: 5 } : { EventType: fate === "passed" ? 4 : 1 }),
      });
      const content = fate === "passed" && maybe(0.5) ? contentOf(service, end, one) : undefined;
      if (content)
        rows.push({ ...base, ...content, Verdict: "FORWARDED", FlowType: "L7", EventType: 129, Reply: false });
      if (fate === "passed" && maybe(0.4)) rows.push(replyOf(base, service, maybe(0.8)));
    }
  }
  return rows;
}

function outcome(fate: Fate, one: <T>(choices: readonly T[]) => T): Row {
  switch (fate) {
    case "passed":
      return { Verdict: one(["FORWARDED", "FORWARDED", "REDIRECTED", "AUDIT"]), Reply: false };
    case "missing":
      return {
        Verdict: "DROPPED",
        TCPFlags: "SYN",
        ...one([{ DropReason: "POLICY_DENIED" }, { DropReasonCode: 133 }]),
      };
    case "forbidden":
      return { Verdict: "DROPPED", TCPFlags: "SYN", ...one([{ DropReason: "POLICY_DENY" }, { DropReasonCode: 181 }]) };
  }
}

/** What the L7 proxy tells of a request: HTTP where the server is, DNS where the client is. */
function contentOf(service: Row, end: "EGRESS" | "INGRESS", one: <T>(choices: readonly T[]) => T): Row | undefined {
  if (service.L4Protocol === "TCP" && service.DestinationPort === 8080 && end === "INGRESS") {
    const HTTPURL = one([
      "http://cart:8080/api/cart/7731",
      "http://cart:8080/api/cart/12?full=1",
      "http://cart:8080/a.b/(c)+[d]|e$",
      "http://cart:8080/users/550e8400-e29b-41d4-a716-446655440000",
      "http://cart:8080/sha/6f1ed002ab5595859014ebf0951522d9",
      "http://cart:8080",
      "/healthz",
    ]);
    return { L7Type: "REQUEST", HTTPMethod: one(["GET", "POST", "M-SEARCH"]), HTTPURL };
  }
  if (service.DestinationPort !== 53 || service.L4Protocol !== "UDP" || end === "INGRESS") return undefined;
  return {
    L7Type: "REQUEST",
    DNSQuery: one(["api.example.com.", "Cart.shop.svc.cluster.local.", "_dmarc.example.org."]),
  };
}

/** The answer to a request, marked as one or to be known by its ports and flags. */
function replyOf(request: Row, service: Row, isMarked: boolean): Row {
  const swapped: Row = { ...request };
  for (const [column, value] of Object.entries(request)) {
    if (/^(Source|Destination)/.test(column)) delete swapped[column];
    if (column.startsWith("Source")) swapped[column.replace("Source", "Destination")] = value;
  }
  for (const [column, value] of Object.entries(request)) {
    if (column.startsWith("Destination")) swapped[column.replace("Destination", "Source")] = value;
  }
  const type = service.ICMPType === 8 ? 0 : service.ICMPType === 128 ? 129 : undefined;
  return {
    ...swapped,
    Verdict: "FORWARDED",
    EventType: 4,
    ...(type === undefined ? {} : { ICMPType: type }),
    ...(isMarked ? { Reply: true } : { TCPFlags: "SYN,ACK" }),
  };
}

/** Labels as people give them, 0 to 3 of them telling. */
function labelsOf(word: string, custom: number, one: <T>(choices: readonly T[]) => T): string[] {
  switch (custom) {
    case 0:
      return [`k8s:app=${word}`];
    case 1:
      return [
        `k8s:app.kubernetes.io/name=${word}`,
        "k8s:app.kubernetes.io/instance=main",
        `k8s:app.kubernetes.io/version=${one(["1", "2"])}`,
      ];
    case 2:
      return ["k8s:team=blue", `k8s:example.com/component=${word}`];
    case 3:
      return [`k8s:k8s-app=${word}`, "k8s:tier=backend"];
    case 4:
      return ["k8s:app=shared", ...one([[], [`k8s:version=${word}`]])];
    default:
      return [];
  }
}

function nameOf(end: Endpoint): string {
  if (!("pod" in end)) return end.ip;
  return `${end.namespace}/${end.labels.find((label) => label.includes("serviceaccount"))!}`;
}

function columnsOf(side: "Source" | "Destination", end: Endpoint): Row {
  const shared = { [`${side}IP`]: end.ip, [`${side}Labels`]: end.labels };
  if (!("pod" in end)) {
    return {
      ...shared,
      ...(end.identity === undefined ? {} : { [`${side}Identity`]: end.identity }),
      ...(end.names ? { [`${side}Names`]: end.names } : {}),
    };
  }
  return {
    ...shared,
    [`${side}Namespace`]: end.namespace,
    [`${side}PodName`]: end.pod,
    ...(end.workload === "" ? {} : { [`${side}WorkloadName`]: end.workload, [`${side}WorkloadKind`]: "Deployment" }),
  };
}
