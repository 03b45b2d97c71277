/** A JSON value as the exporter writes it. */
type Json = string | number | boolean | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;

const SECONDS_PER_DAY = 86_400;

/** How many pods of each workload the flows are of. */
export interface Pods {
  ofNode: number;
  elsewhere: number;
}

/** What the agent of one node sees. */
export const podsOfNode: Pods = { ofNode: 10, elsewhere: 60 };
/** More pods than any cluster has: hardly one is in two flows. */
export const newPods: Pods = { ofNode: 40_000, elsewhere: 40_000 };

/**
 * The exporter's line for the `index`th flow of the bench: kinds of flow in turn (a drop with the policies that caused
 * it, a policy verdict, a DNS answer, an HTTP request, its response, a UDP trace), with keys in Cilium's order, between
 * the pods of a node, pods of other nodes, and the world. The same index gives the same line.
 */
export function flowLine(index: number, pods: Pods = podsOfNode): string {
  return JSON.stringify(exportEvent(kinds[index % kinds.length]!(index, pods)));
}

/** Likewise, as a TCP drop whose line has about `size` bytes: labels are taken away or added until it fits. */
export function flowLineOfSize(index: number, size: number): string {
  const flow = tcpDrop(index, podsOfNode);
  if (size < 1000) {
    for (const key of ["ethernet", "node_labels", "egress_denied_by", "emitter"]) delete flow[key];
    flow.source = { identity: 40_000, namespace: "shop", pod_name: "cart-0" };
  }
  const source = flow.source as JsonObject;
  let line = JSON.stringify(exportEvent(flow));
  while (line.length < size) {
    const missing = size - line.length;
    const labels = (source.labels ??= []) as string[];
    for (let added = 0; added < missing;) {
      const label = `k8s:example.com/label-${labels.length}=value-${(index + labels.length) % 1000}-of-the-label`;
      labels.push(label);
      added += label.length + 3;
    }
    line = JSON.stringify(exportEvent(flow));
  }
  return line;
}

const kinds: ((index: number, pods: Pods) => JsonObject)[] = [
  tcpDrop,
  policyVerdict,
  dnsResponse,
  httpRequest,
  httpResponse,
  udpTrace,
  tcpDrop,
  policyVerdict,
];

function exportEvent(flow: JsonObject): JsonObject {
  return { flow, node_name: NODE_NAME, time: flow.time! };
}

function tcpDrop(index: number, pods: Pods): JsonObject {
  const source = podOfNode("cart", index, pods);
  return {
    ...head(index, "DROPPED", { drop_reason: 133 }),
    ethernet: { source: source.mac, destination: NODE_MAC },
    IP: { source: source.ip, destination: "203.0.113.92", ipVersion: "IPv4" },
    l4: { TCP: { source_port: port(index), destination_port: 443, flags: { SYN: true } } },
    source: source.endpoint,
    destination: WORLD,
    Type: "L3_L4",
    ...node,
    destination_names: ["payments.example.com"],
    event_type: { type: 1, sub_type: 133 },
    traffic_direction: "EGRESS",
    trace_observation_point: "TO_STACK",
    drop_reason_desc: "POLICY_DENY",
    Summary: "TCP Flags: SYN",
    egress_denied_by: [policy("deny-world", "shop"), policy("baseline", "shop")],
  };
}

function policyVerdict(index: number, pods: Pods): JsonObject {
  const source = podElsewhere("frontend", index, pods);
  const destination = podOfNode("catalogue", index, pods);
  return {
    ...head(index, "FORWARDED"),
    ethernet: { source: NODE_MAC, destination: destination.mac },
    IP: { source: source.ip, destination: destination.ip, ipVersion: "IPv4" },
    l4: { TCP: { source_port: port(index), destination_port: 8080, flags: { PSH: true, ACK: true } } },
    source: source.endpoint,
    destination: destination.endpoint,
    Type: "L3_L4",
    ...node,
    event_type: { type: 5 },
    traffic_direction: "INGRESS",
    policy_match_type: 2,
    is_reply: false,
    Summary: "TCP Flags: ACK, PSH",
    ingress_allowed_by: [policy("allow-frontend", "shop")],
    policy_log: [""],
  };
}

function dnsResponse(index: number, pods: Pods): JsonObject {
  const source = pod("kube-system", "coredns", index % 2);
  const destination = podOfNode("cart", index, pods);
  return {
    ...head(index, "FORWARDED"),
    IP: { source: source.ip, destination: destination.ip, ipVersion: "IPv4" },
    l4: { UDP: { source_port: 53, destination_port: port(index) } },
    source: source.endpoint,
    destination: destination.endpoint,
    Type: "L7",
    ...node,
    l7: {
      type: "RESPONSE",
      latency_ns: String(400_000 + (index % 90_000)),
      dns: {
        query: "payments.example.com.",
        ips: [ip(index + 3), ip(index + 4)],
        ttl: 30,
        observation_source: "proxy",
        qtypes: ["A"],
        rrtypes: ["A", "A"],
      },
    },
    reply: true,
    event_type: { type: 129 },
    source_service: { name: "kube-dns", namespace: "kube-system" },
    traffic_direction: "EGRESS",
    is_reply: true,
    Summary: 'DNS Answer "10.0.0.1" TTL: 30 (Proxy payments.example.com. A)',
  };
}

function httpRequest(index: number, pods: Pods): JsonObject {
  return {
    ...http(index, pods),
    l7: {
      type: "REQUEST",
      http: { method: "GET", url: url(index), protocol: "HTTP/1.1", headers: headers(index) },
    },
    event_type: { type: 129 },
    traffic_direction: "INGRESS",
    is_reply: false,
    Summary: `HTTP/1.1 GET ${url(index)}`,
  };
}

function httpResponse(index: number, pods: Pods): JsonObject {
  return {
    ...http(index, pods),
    l7: {
      type: "RESPONSE",
      latency_ns: String(1_200_000 + (index % 700_000)),
      http: { code: 200, method: "GET", url: url(index), protocol: "HTTP/1.1", headers: headers(index) },
    },
    reply: true,
    event_type: { type: 129 },
    traffic_direction: "INGRESS",
    is_reply: true,
    Summary: `HTTP/1.1 200 1ms (GET ${url(index)})`,
  };
}

function http(index: number, pods: Pods): JsonObject {
  const source = podElsewhere("frontend", index, pods);
  const destination = podOfNode("catalogue", index, pods);
  return {
    ...head(index, "FORWARDED"),
    IP: { source: source.ip, destination: destination.ip, ipVersion: "IPv4" },
    l4: { TCP: { source_port: port(index), destination_port: 8080 } },
    source: source.endpoint,
    destination: destination.endpoint,
    Type: "L7",
    ...node,
  };
}

function udpTrace(index: number, pods: Pods): JsonObject {
  const source = podOfNode("collector", index, pods);
  return {
    ...head(index, "FORWARDED"),
    ethernet: { source: source.mac, destination: NODE_MAC },
    IP: { source: source.ip, destination: "198.51.100.123", ipVersion: "IPv4" },
    l4: { UDP: { source_port: port(index), destination_port: 123 } },
    source: source.endpoint,
    destination: WORLD,
    Type: "L3_L4",
    ...node,
    event_type: { type: 4, sub_type: 3 },
    traffic_direction: "EGRESS",
    trace_observation_point: "TO_STACK",
    trace_reason: "NEW",
    is_reply: false,
    interface: { index: 12 + (index % 5), name: "lxc0a1b2c3d4e5f" },
    Summary: "UDP",
    // A field that no column has.
    is_l7_lb: true,
  };
}

function head(index: number, verdict: string, more: JsonObject = {}): JsonObject {
  return {
    time: time(index),
    uuid: `62b81705-27f7-4f2a-8c11-${index.toString(16).padStart(12, "0")}`,
    emitter: { name: "Hubble", version: "1.18.2+g12ab34cd" },
    verdict,
    ...more,
  };
}

interface Pod {
  ip: string;
  mac: string;
  endpoint: JsonObject;
}

function podOfNode(workload: string, index: number, { ofNode }: Pods): Pod {
  const number = pick(index, ofNode);
  const { endpoint, ...addresses } = pod("shop", workload, number);
  // Only a pod of the node is an endpoint of its agent.
  return { ...addresses, endpoint: { ID: 100 + number, ...endpoint } };
}

function podElsewhere(workload: string, index: number, { elsewhere }: Pods): Pod {
  return pod("shop", workload, pick(index, elsewhere));
}

/** A number below `count` for an index: neighbours are far apart, and all come equally often. */
function pick(index: number, count: number): number {
  return (Math.imul(index, 0x9e3779b1) >>> 8) % count;
}

function pod(namespace: string, workload: string, number: number): Pod {
  return {
    ip: ip(workload.length * 1_000 + number),
    mac: `5e:a0:3e:${[workload.length, number >> 8, number].map((byte) => (byte & 255).toString(16).padStart(2, "0")).join(":")}`,
    endpoint: {
      identity: 40_000 + workload.length,
      cluster_name: "aks-prod-weu",
      namespace,
      labels: [
        `k8s:app.kubernetes.io/component=${workload}`,
        "k8s:app.kubernetes.io/name=shop",
        `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
        "k8s:io.cilium.k8s.policy.cluster=aks-prod-weu",
        `k8s:io.cilium.k8s.policy.serviceaccount=${workload}`,
        `k8s:io.kubernetes.pod.namespace=${namespace}`,
      ],
      pod_name: `${workload}-6c9f7d8b5d-${number.toString(36).padStart(5, "x")}`,
      workloads: [{ name: workload, kind: "Deployment" }],
    },
  };
}

function policy(name: string, namespace: string): JsonObject {
  return {
    name,
    namespace,
    labels: [
      "k8s:io.cilium.k8s.policy.derived-from=CiliumNetworkPolicy",
      `k8s:io.cilium.k8s.policy.name=${name}`,
      `k8s:io.cilium.k8s.policy.namespace=${namespace}`,
    ],
    revision: "56",
    kind: "CiliumNetworkPolicy",
  };
}

function headers(index: number): Json {
  return [
    { key: "Accept", value: "*/*" },
    { key: "User-Agent", value: "frontend/2.4" },
    { key: "X-Request-Id", value: `c77bf8e8-459d-4817-8c47-${index.toString(16).padStart(12, "0")}` },
  ];
}

function url(index: number): string {
  return `http://catalogue.shop/api/items?page=${index % 50}&size=20`;
}

const NODE_NAME = "aks-prod-weu/aks-nodepool1-25275757-vmss000003";
const NODE_MAC = "5e:a0:3e:10:9e:71";
const node: JsonObject = {
  node_name: NODE_NAME,
  node_labels: ["kubernetes.io/arch=amd64", "kubernetes.io/os=linux", "topology.kubernetes.io/zone=westeurope-1"],
};
const WORLD: JsonObject = { identity: 2, labels: ["reserved:world"] };

function time(index: number): string {
  const second = index % SECONDS_PER_DAY;
  const clock = [second / 3600, (second / 60) % 60, second % 60].map((part) => pad(Math.floor(part), 2)).join(":");
  return `2025-01-23T${clock}.${pad((index * 7_919) % 1_000_000_000, 9)}Z`;
}

function ip(index: number): string {
  return `10.244.${index % 200}.${Math.floor(index / 200) % 250}`;
}

function port(index: number): number {
  return 32_768 + (index % 28_000);
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
