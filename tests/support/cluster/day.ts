import { randomSource } from "../../kql/random-flows.js";
import { FlowWriter, type Line } from "./flows.js";
import { host, nodes, outside, podsOf, type End } from "./world.js";

export const minute = 60_000;
export const hour = 60 * minute;

export interface Day {
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  /** Visits to the shop in an hour of the afternoon; the rest goes with them. */
  visits: number;
  /** How often the nodes probe, and Prometheus scrapes, each pod. */
  probeEvery: number;
}

/** What the ordinary traffic of a small shop's cluster can be asked for. */
export class Cluster {
  readonly writer = new FlowWriter();
  readonly random: () => number;
  pods = podsOf();

  constructor(seed: number) {
    this.random = randomSource(seed);
  }

  upTo(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  one<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)]!;
  }

  pod(namespace: string, name: string): End {
    return this.one(this.pods.filter((pod) => pod.namespace === namespace && pod.workload!.name === name));
  }

  port(): number {
    return 32_768 + this.upTo(28_000);
  }
}

const api = outside("203.0.113.40", "api.payments.example");
const images = outside("198.51.100.7", "img.cdn.example");
const mail = outside("198.51.100.25", "smtp.mail.example");
const ingestion = outside("192.0.2.140", "ingest-flows.westeurope.kusto.windows.net");
const blocked = outside("203.0.113.92");

/** Hours of a cluster in which nothing is wrong but what is always wrong: bursts, rollouts, typos, a policy that misses a rule. */
export function ordinaryTraffic(made: Cluster, { from, to, visits, probeEvery }: Day): void {
  for (let start = from; start < to; start += hour) {
    // Three times as many at four in the afternoon as at four in the morning, and now and then a burst.
    const ofDay = 0.5 + 0.5 * Math.sin((((start / hour) % 24) - 10) * (Math.PI / 12));
    const burst = made.random() < 0.08 ? 3 : 1;
    const end = Math.min(start + hour, to);
    const count = Math.round(visits * (0.35 + 0.65 * ofDay) * burst * ((end - start) / hour));
    for (let index = 0; index < count; index++) visit(made, start + made.upTo(end - start));
    for (let index = 0; index < Math.ceil(count / 40); index++) mishap(made, start + made.upTo(end - start));
    if (made.random() < 0.12) rollOut(made, start + made.upTo(end - start));
  }
  for (let time = from + 1000; time < to; time += probeEvery) probes(made, time, probeEvery);
}

/** A visit to the shop, from the ingress to the databases and the bank. */
function visit(made: Cluster, time: number): void {
  const { writer } = made;
  const [nginx, storefront, catalog, cart] = [
    made.pod("app-routing-system", "nginx"),
    made.pod("shop", "storefront"),
    made.pod("shop", "catalog"),
    made.pod("shop", "cart"),
  ];
  const visitor = outside(`192.0.2.${1 + made.upTo(120)}`);
  const item = 1000 + made.upTo(400);
  writer.connection(time, visitor, nginx, 443, made.port());
  const request = (after: number, client: End, server: End, method: string, url: string, error = 0.01) => {
    const isSlow = made.random() < 0.04;
    const latencyMs = (isSlow ? 180 : 6) * (0.5 + made.random());
    const code = made.random() < error ? made.one([500, 503]) : made.random() < 0.02 ? 404 : 200;
    writer.http(time + after, client, server, { method, url, code, latencyMs, clientPort: made.port() });
  };
  request(5, nginx, storefront, "GET", "http://shop.example.com/");
  request(20, storefront, catalog, "GET", `http://catalog:8080/items/${item}`);
  if (made.random() < 0.3) lookUp(made, time + 15, storefront, images);
  if (made.random() < 0.4) {
    request(60, storefront, cart, "POST", `http://cart:8080/carts/${item * 7}/items`);
    writer.connection(time + 62, cart, made.pod("shop", "cart-redis"), 6379, made.port());
  }
  if (made.random() < 0.12) {
    const checkout = made.pod("shop", "checkout");
    const gateway = made.pod("payments", "gateway");
    request(400, storefront, checkout, "POST", "http://checkout:8080/orders", 0.03);
    writer.connection(time + 420, checkout, made.pod("shop", "orders-db"), 5432, made.port());
    request(450, checkout, gateway, "POST", "http://gateway.payments:8080/charges");
    lookUp(made, time + 455, gateway, api);
    writer.connection(time + 465, gateway, api, 443, made.port());
    writer.connection(time + 520, gateway, made.pod("payments", "ledger"), 5432, made.port());
    if (made.random() < 0.5) writer.connection(time + 900, made.pod("messaging", "mailer"), mail, 587, made.port());
  }
}

/** A lookup with the search path's misses before it. */
function lookUp(made: Cluster, time: number, client: End, { names, ip }: End): void {
  const [name] = names!;
  const server = made.pod("kube-system", "coredns");
  const clientPort = made.port();
  for (const [index, suffix] of [
    `.${client.namespace}.svc.cluster.local`,
    ".svc.cluster.local",
    ".cluster.local",
  ].entries()) {
    made.writer.lookup(time + index * 4, client, server, name + suffix, { rcode: 3, clientPort });
  }
  made.writer.lookup(time + 12, client, server, name!, { ips: [ip], clientPort });
}

/** What goes wrong every day: a rule that is missing, a name that does not exist, a port that nobody listens on. */
function mishap(made: Cluster, time: number): void {
  const { writer } = made;
  const common = { flags: ["SYN"], Summary: "TCP Flags: SYN", clientPort: made.port() };
  switch (made.upTo(6)) {
    case 0:
      // A client that is not answered tries three times.
      for (const after of [0, 1000, 3000])
        writer.denied(time + after, made.pod("shop", "checkout"), blocked, {
          ...common,
          port: 443,
          policy: "deny-blocked-ranges",
        });
      break;
    case 1:
      writer.denied(time, made.pod("sandbox", "netshoot"), made.pod("shop", "cart"), { ...common, port: 8080 });
      break;
    case 2:
      lookUp(made, time, made.pod("messaging", "mailer"), mail);
      writer.lookup(
        time + 40,
        made.pod("messaging", "mailer"),
        made.pod("kube-system", "coredns"),
        "smtp.mial.example",
        { rcode: 3 },
      );
      break;
    case 3: {
      const [client, server] = [made.pod("shop", "storefront"), made.pod("shop", "catalog")];
      const clientPort = made.port();
      const at = { event_type: { type: 4 }, trace_observation_point: "TO_ENDPOINT" };
      writer.flow(time, client, server, {
        ...at,
        traffic_direction: "INGRESS",
        port: 9229,
        clientPort,
        flags: ["SYN"],
        is_reply: false,
      });
      writer.flow(time, server, client, {
        ...at,
        traffic_direction: "EGRESS",
        port: clientPort,
        clientPort: 9229,
        flags: ["RST", "ACK"],
        is_reply: true,
      });
      break;
    }
    case 4:
      writer.denied(time, made.pod("monitoring", "prometheus"), made.pod("payments", "ledger"), {
        ...common,
        port: 9187,
      });
      break;
    default:
      writer.flow(time, made.pod("shop", "storefront"), outside("10.0.77.12"), {
        ...common,
        verdict: "DROPPED",
        drop_reason: 161,
        drop_reason_desc: "UNSUPPORTED_L3_PROTOCOL",
        event_type: { type: 1, sub_type: 161 },
        traffic_direction: "EGRESS",
        port: 9090,
      });
  }
}

/** Deployments get new pods; for some seconds the old ones are asked in vain. */
function rollOut(made: Cluster, time: number): void {
  const old = made.pods;
  made.pods = podsOf(made.upTo(2) + 1);
  for (let index = 0; index < 12; index++) {
    const gone = made.one(old.filter(({ namespace }) => namespace === "shop"));
    const client = made.pod("shop", "storefront");
    const flags = { flags: ["SYN"], clientPort: made.port(), port: 8080 };
    made.writer.flow(time + index * 700, client, gone, {
      ...flags,
      verdict: "DROPPED",
      drop_reason: 166,
      drop_reason_desc: "NO_MAPPING_FOR_NAT_MASQUERADE",
      event_type: { type: 1, sub_type: 166 },
      traffic_direction: "EGRESS",
    });
  }
}

/** Nodes probe their pods, Prometheus scrapes all of them, Fluent Bit ships. */
function probes(made: Cluster, time: number, every: number): void {
  const prometheus = made.pod("monitoring", "prometheus");
  for (const [index, pod] of made.pods.entries()) {
    const spread = (index * every) / made.pods.length;
    const probe = host(nodes.indexOf(pod.node!));
    const health = {
      event_type: { type: 4 },
      trace_observation_point: "TO_ENDPOINT",
      traffic_direction: "INGRESS",
      at: pod.node,
    };
    made.writer.flow(time + spread, probe, pod, {
      ...health,
      port: 8081,
      clientPort: made.port(),
      flags: ["SYN"],
      is_reply: false,
      Summary: "TCP Flags: SYN",
    });
    if (pod.workload!.name === "fluent-bit") made.writer.connection(time + spread, pod, ingestion, 443, made.port());
    else if (pod.namespace === "shop" || pod.namespace === "kube-system")
      made.writer.connection(time + spread + 50, prometheus, pod, 9102, made.port());
  }
}

/** The lines in the order of their times. */
export function linesOf({ writer }: Cluster): Line[] {
  return [...writer.lines].sort((a, b) => a.time - b.time);
}
