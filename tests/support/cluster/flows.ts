import { cluster, type End } from "./world.js";

/** A time in milliseconds since 1970, and a line of the exporter. */
export interface Line {
  time: number;
  line: string;
}

/** What a flow has beside its ends, in the names of Hubble's flow. */
export type Parts = Record<string, unknown> & {
  verdict?: string;
  flags?: string[];
  port?: number;
  clientPort?: number;
};

const uuid = (count: number) => `5bd1e995-0000-4000-8000-${count.toString(16).padStart(12, "0")}`;

/** Writes flows as Cilium's exporter does. */
export class FlowWriter {
  readonly lines: Line[] = [];
  #count = 0;

  /** A packet, or with `l7` a request or response, from one end to the other. */
  flow(time: number, source: End, destination: End, parts: Parts): void {
    const { flags, port, clientPort, protocol = "TCP", at, ...rest } = parts;
    this.#count += 1;
    // Nanoseconds tell flows of the same millisecond apart.
    const moment = `${new Date(time).toISOString().slice(0, -1)}${String((this.#count * 7919) % 1_000_000).padStart(6, "0")}Z`;
    const node = `${cluster}/${(at as string | undefined) ?? source.node ?? destination.node!}`;
    const ports = { source_port: clientPort, destination_port: port };
    const l4 =
      protocol === "ICMPv4"
        ? { ICMPv4: { type: 8 } }
        : {
            [protocol as string]: {
              ...ports,
              ...(flags ? { flags: Object.fromEntries(flags.map((flag) => [flag, true])) } : {}),
            },
          };
    const flow = {
      time: moment,
      uuid: uuid(this.#count),
      verdict: "FORWARDED",
      IP: { source: source.ip, destination: destination.ip, ipVersion: "IPv4" },
      l4,
      source: side(source),
      destination: side(destination),
      Type: "l7" in rest ? "L7" : "L3_L4",
      node_name: node,
      ...(source.names ? { source_names: source.names } : {}),
      ...(destination.names ? { destination_names: destination.names } : {}),
      ...rest,
    };
    this.lines.push({ time, line: JSON.stringify({ flow, node_name: node, time: moment }) });
  }

  /** A connection that is let through: its first packet where it arrives, and the last of the answer. */
  connection(time: number, source: End, destination: End, port: number, clientPort: number): void {
    const common = {
      port,
      clientPort,
      traffic_direction: "INGRESS",
      event_type: { type: 4 },
      at: destination.node ?? source.node,
    };
    const point = { trace_observation_point: destination.node ? "TO_ENDPOINT" : "TO_NETWORK" };
    this.flow(time, source, destination, {
      ...common,
      ...point,
      ...(destination.node ? {} : { traffic_direction: "EGRESS" }),
      flags: ["SYN"],
      is_reply: false,
      Summary: "TCP Flags: SYN",
    });
    this.flow(time + 40, destination, source, {
      ...common,
      port: clientPort,
      clientPort: port,
      traffic_direction: destination.node ? "EGRESS" : "INGRESS",
      trace_observation_point: "TO_ENDPOINT",
      at: source.node ?? destination.node,
      flags: ["FIN", "ACK"],
      is_reply: true,
      Summary: "TCP Flags: ACK, FIN",
    });
  }

  /** A packet that policy denies: the verdict, and right behind it the drop. */
  denied(time: number, source: End, destination: End, parts: Parts & { policy?: string }): void {
    const { policy, ...rest } = parts;
    const common = {
      verdict: "DROPPED",
      drop_reason: policy ? 181 : 133,
      drop_reason_desc: policy ? "POLICY_DENY" : "POLICY_DENIED",
      traffic_direction: "EGRESS",
      is_reply: false,
      ...rest,
    };
    const egress_denied_by = policy
      ? { egress_denied_by: [{ name: policy, kind: "CiliumClusterwideNetworkPolicy", revision: "41" }] }
      : {};
    this.flow(time, source, destination, {
      ...common,
      ...egress_denied_by,
      event_type: { type: 5 },
      policy_match_type: policy ? 1 : 0,
    });
    this.flow(time, source, destination, { ...common, event_type: { type: 1, sub_type: policy ? 181 : 133 } });
  }

  /** A lookup through the DNS proxy: request and response. */
  lookup(
    time: number,
    client: End,
    server: End,
    query: string,
    { type = "A", ips = [] as string[], rcode = 0, clientPort = 40_000 } = {},
  ): void {
    const common = { protocol: "UDP", event_type: { type: 129 }, traffic_direction: "EGRESS", at: client.node };
    const dns = { query: `${query}.`, observation_source: "proxy", qtypes: [type] };
    this.flow(time, client, server, { ...common, port: 53, clientPort, is_reply: false, l7: { type: "REQUEST", dns } });
    const answer = { ...dns, ...(ips.length > 0 ? { ips, ttl: 30 } : {}), ...(rcode ? { rcode } : {}) };
    this.flow(time + 3, server, client, {
      ...common,
      port: clientPort,
      clientPort: 53,
      is_reply: true,
      l7: { type: "RESPONSE", latency_ns: "2900000", dns: answer },
    });
  }

  /** A request through the HTTP proxy at the server: request and response. */
  http(time: number, client: End, server: End, { method, url, code, latencyMs, clientPort }: Http): void {
    const common = { event_type: { type: 129 }, traffic_direction: "INGRESS", at: server.node };
    const http = { method, url, protocol: "HTTP/1.1" };
    this.flow(time, client, server, {
      ...common,
      port: 8080,
      clientPort,
      is_reply: false,
      l7: { type: "REQUEST", http },
    });
    const l7 = { type: "RESPONSE", latency_ns: String(Math.round(latencyMs * 1e6)), http: { code, ...http } };
    this.flow(time + latencyMs, server, client, { ...common, port: clientPort, clientPort: 8080, is_reply: true, l7 });
  }
}

interface Http {
  method: string;
  url: string;
  code: number;
  latencyMs: number;
  clientPort: number;
}

function side({ identity, namespace, pod, workload, labels }: End): object {
  return {
    identity,
    ...(namespace ? { cluster_name: cluster, namespace } : {}),
    labels,
    ...(pod ? { pod_name: pod } : {}),
    ...(workload ? { workloads: [workload] } : {}),
  };
}
