import { readFileSync } from "node:fs";
import { readEvent } from "../../tools/flow-filter/event.js";
import { CEL, LABELS, PATTERNS } from "./mutations.js";

type Json = Record<string, unknown>;

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const next = random(20_2612);
const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;

const NAMES = ["", "shop", "default", "kube-system"];
const PODS = ["", "web-1", "web-2", "cart", "web"];
const LABEL_SETS = [
  [],
  ["k8s:app=shop", "k8s:io.kubernetes.pod.namespace=shop"],
  ["k8s:a=b", "any:a=c", "k8s:n=10"],
  ["reserved:host"],
  ["reserved:world", "cidr:217.160.0.92/32"],
  ["cidr:fd00--1/128", "reserved:world-ipv6"],
  ["a=b", "k8s:x", "k8s:n=-7", "k8s:c"],
  ["k8s:a.b/c=d", "unspec:in", "$health", "k8s:n=ten", "reserved:=kube"],
  ["agentpool=nodepool1", "kubernetes.io/os=linux"],
];
const FQDNS = [[], ["www.example.com"], ["example.com", "a_b.internal"], ["api.example.com."], ["WWW.EXAMPLE.COM"]];
const ADDRESSES = [
  "",
  "10.0.0.1",
  "10.1.2.3",
  "217.160.0.92",
  "::1",
  "fd00::1",
  "::ffff:10.0.0.1",
  "fe80::1%eth0",
  "x",
];
const URLS = [
  "",
  "http://shop/cart?id=1",
  "http://shop:8080/a%20b/c",
  "/page/12",
  "/page/%zz",
  "https://u:p@[fd00::1]:443/x",
  "http://a:b/x",
  "http://a:1:2/x",
  "mailto:x/page/1",
  "*",
  "//shop/page/3",
  "page/1",
  "1http:/page/1",
  ":/page/1",
  "http://%41/page/1",
  "http://h%C3%A4/page/%C3%A4",
  "http://[fe80::1%25en0]/page/1",
  "http://[1.2.3.4]/page/1",
  "http://a b/page/1",
  "http://a/page/1?",
  "http://a?b/page/1",
  "http:///page/1",
  "pg://a:1,b:2/page/9",
  "http://a/\u0001",
  "/ä/page/1#x",
];
const HEADERS = [[], [{ key: "A", value: "b" }], [{ key: "a", value: "b" }, { key: "C" }]];
const PORTS = [0, 53, 80, 443, 8080, 65535, 65979];
const FLAG_SETS = [undefined, {}, { SYN: true }, { SYN: true, ACK: true }, { FIN: true, ACK: true }, { RST: true }];

function l4(): Json | undefined {
  const ports = { source_port: pick(PORTS), destination_port: pick(PORTS) };
  const flags = pick(FLAG_SETS);
  return pick<() => Json | undefined>([
    () => undefined,
    () => ({}),
    () => ({ TCP: { ...ports, ...(flags ? { flags } : {}) } }),
    () => ({ TCP: { ...ports, ...(flags ? { flags } : {}) } }),
    () => ({ UDP: ports }),
    () => ({ SCTP: ports }),
    () => ({ ICMPv4: { type: 8 } }),
    () => ({ ICMPv6: {} }),
    () => ({ VRRP: { type: 1 } }),
    () => ({ IGMP: { type: 17 } }),
  ])();
}

function l7(): Json | undefined {
  return pick<() => Json | undefined>([
    () => undefined,
    () => ({ type: "REQUEST", dns: { query: pick(["", "www.example.com.", "a+b?c", "A1"]), rcode: pick([0, 3]) } }),
    () => ({
      type: "RESPONSE",
      http: {
        code: pick([0, 99, 200, 404, 500, 503, 1404]),
        method: pick(["", "GET", "get", "POST", "\u017fet"]),
        url: pick(URLS),
        headers: pick(HEADERS),
      },
    }),
    () => ({ http: { code: 404, method: "GET", url: pick(URLS), headers: pick(HEADERS) } }),
    () => ({ kafka: { topic: "t" } }),
  ])();
}

function end(): Json | undefined {
  if (next() < 0.15) return undefined;
  return {
    identity: pick([0, 1, 2, 1234, 16777217]),
    cluster_name: pick(["", "default", "eu-1"]),
    namespace: pick(NAMES),
    pod_name: pick(PODS),
    labels: pick(LABEL_SETS),
    workloads: pick([
      [],
      [{ name: "web", kind: "Deployment" }],
      [{ name: "db", kind: "StatefulSet" }, { name: "web" }],
    ]),
  };
}

function flow(): Json {
  const made: Json = {
    uuid: pick(["", "u-1", "u-2"]),
    time: pick(["2026-01-02T03:04:05.678901234Z", "2025-12-31T23:59:59Z"]),
    verdict: pick(["VERDICT_UNKNOWN", "FORWARDED", "DROPPED", "DROPPED", "AUDIT", "REDIRECTED", 99]),
    drop_reason_desc: pick(["DROP_REASON_UNKNOWN", "POLICY_DENIED", "POLICY_DENY", 206, 255]),
    IP:
      next() < 0.15
        ? undefined
        : {
            source: pick(ADDRESSES),
            source_xlated: pick(ADDRESSES),
            destination: pick(ADDRESSES),
            ipVersion: pick(["IP_NOT_USED", "IPv4", "IPv6"]),
            encrypted: pick([true, false]),
          },
    l4: l4(),
    l7: l7(),
    source: end(),
    destination: end(),
    Type: pick(["L3_L4", "L7", "SOCK"]),
    node_name: pick(["", "node-1", "eu-1/node-1", "default/node_2", "eu-1/a/b", "eu-1/Node"]),
    node_labels: pick(LABEL_SETS),
    source_names: pick(FQDNS),
    destination_names: pick(FQDNS),
    event_type: pick([undefined, {}, { type: 1, sub_type: 133 }, { type: 4 }, { type: 4, sub_type: 3 }, { type: 129 }]),
    source_service: pick([undefined, { name: "web", namespace: "shop" }, { name: "dns", namespace: "kube-system" }]),
    destination_service: pick([undefined, {}, { name: "web", namespace: "shop" }, { name: "api" }]),
    traffic_direction: pick(["TRAFFIC_DIRECTION_UNKNOWN", "INGRESS", "EGRESS"]),
    ip_trace_id: pick([undefined, {}, { trace_id: "7" }, { trace_id: "18446744073709551615" }]),
    is_reply: pick([undefined, true, false]),
    interface: pick([undefined, {}, { index: 3, name: "eth0" }, { index: 4, name: "lxc1" }, { name: "eth0" }]),
    trace_context: pick([undefined, { parent: {} }, { parent: { trace_id: "t-1" } }]),
    Summary: pick(["", "TCP Flags: SYN"]),
  };
  return JSON.parse(JSON.stringify(made)) as Json;
}

/** Flows that the project ships, as real Ciliums wrote them. */
export const sampleEvents = readFileSync(new URL("../../fluent-bit/sample/cilium-agent.log", import.meta.url), "utf8")
  .split("\n")
  .map((line) => line.replace(/^\S+ std(out|err) F /, ""))
  .flatMap((line) => readEvent(line)?.line ?? []);

/** The events that are judged: empty ones, generated ones, those of the sample log, and the other kinds. */
export const events: unknown[] = [
  { flow: {} },
  ...Array.from({ length: 260 }, () => ({ flow: flow() })),
  ...URLS.map((url) => ({ flow: { l7: { http: { code: 200, method: "GET", url } } } })),
  ...sampleEvents,
  { lost_events: { source: "HUBBLE_RING_BUFFER", num_events_lost: "1" } },
  { agent_event: { type: "IPCACHE_UPSERTED" } },
  { agent_event: {} },
  { debug_event: { type: "DBG_CT_VERDICT" } },
];

const names = [
  "shop/",
  "/web",
  "shop/web",
  "web",
  "web-1",
  "/",
  "kube-system/",
  "default/cart",
  "shop/web/1",
  "//",
  "a/b/c",
];
const addresses = [
  "10.0.0.1",
  "10.0.0.0/8",
  "10.9.9.9/8",
  "0.0.0.0/0",
  "::/0",
  "fd00::/8",
  "::ffff:0:0/96",
  "::1",
  "fe80::1%eth0",
  "fe80::1%eth0/64",
  "10.0.0.0/08",
  "10.0.0.0/33",
];
const patterns = ["*.example.com", "example.com", "*", "www.example.com.", "WWW.*", "a_b.*", " api.example.com "];
const nodes = ["node-1", "eu-1/*", "*/node-1", "/node_2", "eu-1/", "*", "eu-1/a*", "/", "default/node*"];
const clusters = ["default", "eu-1", "x"];
const ports = ["0", "53", "443", "65535", "080", "8080"];
const identities = [0, 1, 2, 1234, "16777217"];
const workloads = [
  { name: "web" },
  { kind: "Deployment" },
  { name: "web", kind: "StatefulSet" },
  {},
  { name: "db", kind: "StatefulSet" },
];
const labels = [
  ...LABELS,
  "n>5",
  "n<0",
  "k8s:n>5,app",
  "a in (b,c)",
  "k8s:a=c",
  "any:a=c",
  "cidr:217.160.0.0/16",
  "cidr:217-160-0-92/32",
  "reserved:world",
  "!reserved:world",
  "kube",
  "reserved:kube",
  "health",
  "k8s:x=",
  "unspec:a=b",
  "agentpool",
  "kubernetes.io/os in (linux)",
];

/** The values with which each field of a filter is tried, each alone, and some of them together. */
export const VALUES: Record<string, readonly unknown[]> = {
  uuid: ["u-1", "", "u-3"],
  source_ip: addresses,
  source_ip_xlated: addresses,
  source_pod: names,
  source_fqdn: patterns,
  source_label: labels,
  source_service: names,
  source_workload: workloads,
  source_cluster_name: clusters,
  source_port: ports,
  source_identity: identities,
  destination_ip: addresses,
  destination_pod: names,
  destination_fqdn: patterns,
  destination_label: labels.slice(LABELS.length),
  destination_service: names,
  destination_workload: workloads,
  destination_cluster_name: clusters,
  destination_port: ports,
  destination_identity: identities,
  traffic_direction: ["INGRESS", "EGRESS", "TRAFFIC_DIRECTION_UNKNOWN", 2],
  verdict: ["FORWARDED", "DROPPED", "AUDIT", "VERDICT_UNKNOWN", 99, 2],
  drop_reason_desc: ["POLICY_DENIED", "POLICY_DENY", "DROP_REASON_UNKNOWN", 206, 255],
  interface: [{ name: "eth0" }, { index: 3 }, { index: 4, name: "eth0" }, {}, { index: "4" }],
  event_type: [
    { type: 1 },
    { type: 4, match_sub_type: true },
    { type: 4, match_sub_type: true, sub_type: 3 },
    { match_sub_type: true, sub_type: 133 },
    {},
    { type: 129 },
    { type: 130 },
    { type: 2 },
    { match_sub_type: true, sub_type: 8 },
  ],
  http_status_code: ["404", "5+", "50+", "99", "4+", "200", "1+"],
  http_method: ["GET", "post", "SET", ""],
  http_path: ["^/page/\\d+$", "a b", "^$", "ä", "", "^\\*$", "(["],
  http_url: ["shop", "^http://", "\\?id=", "%"],
  http_header: [{ key: "A", value: "b" }, { key: "C" }, { key: "a", value: "B" }],
  protocol: ["tcp", "TCP", "udp", "sctp", "icmp", "icmpv4", "icmpv6", "vrrp", "igmp", "dns", "http", "kafka"],
  reply: [true, false],
  dns_query: ["example", "^$", "(?i)^a", "\\.$", ...PATTERNS],
  tcp_flags: [{ SYN: true }, { SYN: true, ACK: true }, { SYN: false }, {}, { RST: true, FIN: true }, { CWR: true }],
  node_name: nodes,
  node_labels: labels.slice(LABELS.length),
  ip_version: ["IPv4", "IPv6", "IP_NOT_USED"],
  trace_id: ["t-1", ""],
  ip_trace_id: [7, "7", 0, "18446744073709551615"],
  encrypted: [true, false],
};

const CEL_VALUES = [
  ...CEL,
  "_flow.is_reply != true",
  "!(_flow.is_reply == true)",
  "_flow.is_reply == false",
  "has(_flow.source) && _flow.source.pod_name.startsWith('web')",
  "has(_flow.l4.TCP.flags) || has(_flow.l7.dns)",
  "!has(_flow.l4.TCP)",
  "_flow.source.workloads.exists(w, w.kind == 'Deployment')",
  "_flow.source.workloads.all(w, has(w.kind))",
  "_flow.destination_names[0] == 'www.example.com'",
  "_flow.destination_names[0] == 'x' || _flow.verdict == Verdict.DROPPED",
  "_flow.ip_trace_id.trace_id == 18446744073709551615u",
  "_flow.drop_reason_desc in [DropReason.POLICY_DENIED, DropReason.POLICY_DENY]",
  "_flow.l7.http.code >= 500u && _flow.l7.http.code < 600u",
  "_flow.time < timestamp('2026-01-01T00:00:00Z')",
  "size(_flow.destination.labels) == 2",
  "_flow.destination.labels.exists(l, l.matches('^reserved:'))",
  "_flow.node_name.contains('/') ? _flow.verdict == 2 : _flow.verdict == 1",
];

function randomFilter(): Json {
  const fields = Array.from({ length: 2 + Math.floor(next() * 2) }, () => pick(Object.keys(VALUES)));
  return Object.fromEntries(
    fields.map((field) => [field, Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(VALUES[field]!))]),
  );
}

/** Lists of filters, of which one must match: each field with each value alone, in pairs, and by chance together. */
export const filters: Json[][] = [
  [],
  [{}],
  ...Object.entries(VALUES).flatMap(([field, values]) => [
    [{ [field]: [] }],
    ...values.map((value) => [{ [field]: [value] }]),
    ...values.slice(1, 12).map((value, i) => [{ [field]: [values[i], value] }]),
  ]),
  ...CEL_VALUES.map((expression) => [{ experimental: { cel_expression: [expression] } }]),
  [{ experimental: { cel_expression: ["_flow.destination_names[0] == 'x'", "true"] } }],
  [{ experimental: { cel_expression: ["true", "_flow.destination_names[0] == 'x'"] } }],
  ...Array.from({ length: 150 }, () => [randomFilter()]),
  ...Array.from({ length: 50 }, () => [randomFilter(), randomFilter()]),
];

/** Ascending numbers in few words: `0-4,7`. */
export function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const one of numbers) {
    const last = runs.at(-1);
    if (last?.[1] === one - 1) last[1] = one;
    else runs.push([one, one]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}
