/** A TCP flow, then a UDP flow, then one of another protocol, then one with more in it, then one with nothing. */
export const maskEvents: unknown[] = [
  { uuid: "a", l4: { TCP: { source_port: 40000, destination_port: 443 } }, verdict: "FORWARDED" },
  { uuid: "b", l4: { UDP: { source_port: 40001, destination_port: 53 } }, verdict: "FORWARDED" },
  { uuid: "c", l4: { ICMPv4: { type: 8 } }, verdict: "DROPPED" },
  {
    time: "2026-01-02T03:04:05.678901234Z",
    uuid: "d",
    verdict: "REDIRECTED",
    IP: { source: "10.0.0.1", destination: "10.0.0.2", ipVersion: "IPv4" },
    source: {
      ID: 1,
      identity: 2,
      namespace: "shop",
      labels: ["k8s:app=<web>&co"],
      pod_name: "web",
      workloads: [{ name: "w" }],
    },
    node_name: "default/node",
    l7: { type: "REQUEST", latency_ns: "12", http: { code: 200, url: "http://a/b?c=<d>&e=\u2028" } },
    is_reply: false,
    traffic_direction: "EGRESS",
    event_type: { type: 129 },
    Summary: "<>&",
  },
  {},
].map((flow) => ({
  flow,
  ...("time" in flow ? { node_name: flow.node_name, time: flow.time } : {}),
}));

export const masks = [
  ["uuid", "l4.TCP.destination_port"],
  ["uuid", "l4"],
  ["uuid"],
  ["verdict", "source.namespace", "source.workloads", "destination.pod_name"],
  ["IP.source", "l7.http.url", "l7.dns.query", "Summary"],
  ["time", "node_name", "is_reply", "event_type.type", "source.labels"],
  ["is_reply.value", "time.seconds", "l7"],
  ["l4.UDP.source_port", "l4.TCP.source_port", "source", "source.ID"],
  [],
];

export const aggregates = [
  ["verdict"],
  ["verdict", "source.namespace", "l4.TCP.destination_port"],
  ["node_name", "traffic_direction", "l7.http.code"],
  ["time", "uuid"],
];
