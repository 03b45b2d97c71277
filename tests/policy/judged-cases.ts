import type { Row } from "./cluster.js";

/** Specs of CiliumNetworkPolicies in namespace shop for pods with app: cart, each about one thing. */
const specs: Record<string, string> = {
  "an empty rule": "ingress: [{}]\negress: [{}]",
  "an empty list of peers": "ingress: [{ fromEndpoints: [] }]",
  "egress alone": "egress: [{ toEndpoints: [{ matchLabels: { app: db } }] }]",
  "any endpoint of the namespace": "ingress: [{ fromEndpoints: [{}] }]",
  "a source in the key": 'ingress: [{ fromEndpoints: [{ matchLabels: { "k8s:app": web } }] }]',
  "another source in the key": 'ingress: [{ fromEndpoints: [{ matchLabels: { "container:app": web } }] }]',
  "another namespace":
    'ingress: [{ fromEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": data, app: db } }] }]',
  "a label of a namespace":
    'ingress: [{ fromEndpoints: [{ matchLabels: { "k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name": data } }] }]',
  "another cluster":
    'ingress: [{ fromEndpoints: [{ matchLabels: { "k8s:io.cilium.k8s.policy.cluster": green, app: web } }] }]',
  "a reserved label": 'egress: [{ toEndpoints: [{ matchLabels: { "reserved:host": "" } }] }]',
  In: "ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: app, operator: In, values: [web, db] }] }] }]",
  NotIn: "ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: app, operator: NotIn, values: [web] }] }] }]",
  Exists: "ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: tier, operator: Exists }] }] }]",
  DoesNotExist: "ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: tier, operator: DoesNotExist }] }] }]",
  ...Object.fromEntries(
    [
      "all",
      "none",
      "world",
      "world-ipv4",
      "world-ipv6",
      "cluster",
      "host",
      "remote-node",
      "kube-apiserver",
      "health",
      "ingress",
    ].map((entity) => [
      `entity ${entity}`,
      `ingress: [{ fromEntities: [${entity}] }]\negress: [{ toEntities: [${entity}] }]`,
    ]),
  ),
  "an address": "egress: [{ toCIDR: [203.0.113.9] }]",
  "a block": "egress: [{ toCIDR: [203.0.113.0/24, 2001:db8::/64] }]",
  "everything as a block": 'egress: [{ toCIDR: [0.0.0.0/0, "::/0"] }]',
  "a block but for another": "egress: [{ toCIDRSet: [{ cidr: 203.0.113.0/24, except: [203.0.113.8/29] }] }]",
  "a name": "egress: [{ toFQDNs: [{ matchName: api.example.com }] }]",
  "ports alone": 'ingress: [{ toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }] }]',
  "a port of any protocol": 'ingress: [{ toPorts: [{ ports: [{ port: "53" }] }] }]',
  "a range of ports": 'ingress: [{ toPorts: [{ ports: [{ port: "8000", endPort: 8100, protocol: TCP }] }] }]',
  "port 0": 'ingress: [{ toPorts: [{ ports: [{ port: "0", protocol: UDP }] }] }]',
  "a peer and a port":
    'ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }], toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }] }]',
  "an ICMP type": "ingress: [{ icmps: [{ fields: [{ family: IPv4, type: 8 }] }] }]",
  "an ICMP type by name": "ingress: [{ icmps: [{ fields: [{ family: IPv6, type: EchoRequest }] }] }]",
  "a peer without ports lets ICMP in": "ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }]",
  "a deny rule before others":
    'ingress: [{ fromEntities: [all] }]\ningressDeny: [{ fromEndpoints: [{ matchLabels: { app: web } }], toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }] }]',
  "a deny rule alone": "egressDeny: [{ toCIDR: [203.0.113.0/24] }]",
  "a deny rule without default deny":
    "enableDefaultDeny: { egress: false }\negressDeny: [{ toCIDR: [203.0.113.0/24] }]",
  "a rule without default deny":
    "enableDefaultDeny: { ingress: false }\ningress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }]",
};

const networkPolicies: Record<string, string> = {
  "all denied": "podSelector: {}\npolicyTypes: [Ingress, Egress]",
  "of no type": "podSelector: { matchLabels: { app: cart } }",
  "all let in": "podSelector: { matchLabels: { app: cart } }\ningress: [{}]",
  "pods of the namespace": "podSelector: {}\ningress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]",
  "pods of any namespace": "podSelector: {}\ningress: [{ from: [{ namespaceSelector: {} }] }]",
  "pods of a namespace":
    "podSelector: {}\ningress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: data } }, podSelector: { matchLabels: { app: db } } }] }]",
  "a block":
    "podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 203.0.113.0/24, except: [203.0.113.8/29] } }] }]",
  ports: "podSelector: {}\ningress: [{ ports: [{ port: 8080 }, { port: 53, protocol: UDP }] }]",
  "a range of ports": "podSelector: {}\ningress: [{ ports: [{ port: 8000, endPort: 8100 }] }]",
};

const resource = (kind: string, apiVersion: string, namespace: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: case\n${namespace}spec:\n${spec.replace(/^/gm, "  ")}\n`;
const inShop = "  namespace: shop\n";
const ofCart = "endpointSelector: { matchLabels: { app: cart } }\n";

/** Policies by what they are about. */
export const judgedPolicies: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      resource("CiliumNetworkPolicy", "cilium.io/v2", inShop, ofCart + spec),
    ]),
  ),
  ...Object.fromEntries(
    ["an empty rule", "any endpoint of the namespace", "In", "entity cluster"].map((name) => [
      `clusterwide: ${name}`,
      resource("CiliumClusterwideNetworkPolicy", "cilium.io/v2", "", ofCart + specs[name]!),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(networkPolicies).map(([name, spec]) => [
      `NetworkPolicy: ${name}`,
      resource("NetworkPolicy", "networking.k8s.io/v1", inShop, spec),
    ]),
  ),
};

type Columns = Record<string, unknown>;

const pod = (namespace: string, app: string, more: string[] = [], cluster = "blue"): Columns => ({
  Namespace: namespace,
  PodName: `${app}-0`,
  IP: "10.0.0.1",
  Labels: [
    `k8s:app=${app}`,
    `k8s:io.kubernetes.pod.namespace=${namespace}`,
    `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
    `k8s:io.cilium.k8s.policy.cluster=${cluster}`,
    ...more,
  ],
});
const cart = pod("shop", "cart");
const peers: Columns[] = [
  pod("shop", "web"),
  pod("shop", "web", [], "green"),
  pod("shop", "db", ["k8s:tier=backend"]),
  pod("data", "db"),
  pod("data", "web"),
  { IP: "10.1.0.1", Labels: ["reserved:host"] },
  { IP: "10.1.0.2", Labels: ["reserved:remote-node"] },
  { IP: "10.1.0.3", Labels: ["reserved:kube-apiserver", "reserved:remote-node"] },
  { IP: "10.1.0.4", Labels: ["reserved:health"] },
  { IP: "10.1.0.5", Labels: ["reserved:ingress"] },
  { IP: "203.0.113.9", Labels: ["reserved:world-ipv4"] },
  { IP: "203.0.113.20", Labels: ["reserved:world-ipv4"], Names: ["api.example.com"] },
  { IP: "198.51.100.1", Labels: ["reserved:world-ipv4"], Names: ["other.example.com"] },
  { IP: "2001:db8::9", Labels: ["reserved:world-ipv6"] },
];
const services: Row[] = [
  { L4Protocol: "TCP", DestinationPort: 8080 },
  { L4Protocol: "TCP", DestinationPort: 53 },
  { L4Protocol: "UDP", DestinationPort: 53 },
  { L4Protocol: "SCTP", DestinationPort: 53 },
  { L4Protocol: "ICMPv4", ICMPType: 8 },
  { L4Protocol: "ICMPv6", ICMPType: 128 },
];

const side = (name: string, columns: Columns): Row =>
  Object.fromEntries(Object.entries(columns).map(([column, value]) => [name + column, value]));

/** A request of every kind between cart and every peer, both ways. */
export const judgedRows: Row[] = peers.flatMap((peer) =>
  services.flatMap((service) =>
    (
      [
        ["EGRESS", cart, peer],
        ["INGRESS", peer, cart],
      ] as const
    ).map(([TrafficDirection, source, destination]) => ({
      TimeGenerated: "2026-03-04T09:00:00Z",
      Verdict: "FORWARDED",
      FlowType: "L3_L4",
      Reply: false,
      TrafficDirection,
      ...side("Source", source),
      ...side("Destination", destination),
      ...service,
    })),
  ),
);
