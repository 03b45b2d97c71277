import { addressTest } from "./address.js";
import { celTest } from "./cel-program.js";
import { bigNumber, enumNumber, message, messages, number, text, texts } from "./event.js";
import type { ExportEvent, Json } from "./event.js";
import { labelsTest } from "./labels.js";
import {
  dnsQueryTest,
  httpHeaderTest,
  httpMethodTest,
  httpPathTest,
  httpStatusTest,
  httpUrlTest,
  portTest,
  protocolTest,
  tcpFlagsTest,
} from "./layers.js";
import { fqdnTest, namespacedNameTest, nodeNameTest } from "./names.js";

/** Whether an event meets a condition. */
export type Test = (event: ExportEvent) => boolean;
type FlowTest = (flow: Json | undefined) => boolean;

/** Makes the test of a filter field out of its values, of which there is at least one. */
export type BuildTest = (values: readonly unknown[]) => Test;

const AGENT = 130;
const DEBUG = 2;
const DROPPED = 2;

/** A condition on the flow, that other events meet as a flow without fields would. */
const ofFlow =
  (build: (values: never) => FlowTest): BuildTest =>
  (values) => {
    const test = build(values as never);
    return ({ flow }) => test(flow);
  };

/** A condition that only a flow can meet. */
const ofFlowOnly =
  (build: (values: never) => (flow: Json) => boolean): BuildTest =>
  (values) => {
    const test = build(values as never);
    return ({ flow }) => flow !== undefined && test(flow);
  };

const ofEnum = (type: string, read: (flow: Json) => unknown) =>
  ofFlowOnly((values: string[]) => {
    const numbers = new Set(values.map((value) => enumNumber(type, value)));
    return (flow) => numbers.has(enumNumber(type, read(flow)));
  });

type Side = "source" | "destination";

const identity = (side: Side) =>
  ofFlow((values: unknown[]) => {
    const numbers = new Set(values.map(Number));
    return (flow) => {
      const end = message(flow, side);
      return end !== undefined && numbers.has(number(end, "identity"));
    };
  });

const ip = (field: string) =>
  ofFlow((values: string[]) => {
    const matches = addressTest(values);
    return (flow) => matches(text(message(flow, "IP"), field));
  });

const namespacedName = (end: string, name: string) =>
  ofFlow((values: string[]) => {
    const matches = namespacedNameTest(values);
    return (flow) => {
      const named = message(flow, end);
      return matches(text(named, "namespace"), text(named, name));
    };
  });

const workload = (side: Side) =>
  ofFlow((values: Json[]) => {
    const agrees = (wanted: Json, has: Json, field: string) =>
      text(wanted, field) === "" || text(wanted, field) === text(has, field);
    return (flow) =>
      messages(message(flow, side), "workloads").some((one) =>
        values.some((wanted) => agrees(wanted, one, "name") && agrees(wanted, one, "kind")),
      );
  });

const fqdn = (field: string) =>
  ofFlow((values: string[]) => {
    const matches = fqdnTest(values);
    return (flow) => texts(flow, field).some(matches);
  });

const labels = (read: (flow: Json | undefined) => string[]) =>
  ofFlow((values: string[]) => {
    const matches = labelsTest(values);
    return (flow) => matches(read(flow));
  });

const cluster = (side: Side) =>
  ofFlow((values: string[]) => (flow) => values.includes(text(message(flow, side), "cluster_name")));

const eventType: BuildTest = (values) => {
  const types = values as { type?: number; match_sub_type?: boolean; sub_type?: number }[];
  const isOne = (type: number, subType: number) =>
    types.some(
      (wanted) =>
        ((wanted.type ?? 0) === 0 || wanted.type === type) &&
        (wanted.match_sub_type !== true || (wanted.sub_type ?? 0) === subType),
    );
  return ({ kind, flow, eventType: type }) => {
    // Cilium lets them pass always, as nothing else could ask for them.
    if (kind === "lost_events") return true;
    if (kind === "agent_event") return isOne(AGENT, type);
    if (kind === "debug_event") return isOne(DEBUG, type);
    const event = message(flow, "event_type");
    return event !== undefined && isOne(number(event, "type"), number(event, "sub_type"));
  };
};

const reply = ofFlowOnly((values: boolean[]) => (flow) => {
  const isReply = flow["is_reply"];
  // A dropped flow of unknown direction counts as no reply.
  if (typeof isReply !== "boolean" && enumNumber("flow.Verdict", flow["verdict"]) !== DROPPED) return false;
  return values.includes(isReply === true);
});

const networkInterface = ofFlow((values: Json[]) => (flow) => {
  const has = message(flow, "interface");
  return (
    has !== undefined &&
    values.some(
      (wanted) =>
        (number(wanted, "index") === 0 || number(wanted, "index") === number(has, "index")) &&
        (text(wanted, "name") === "" || text(wanted, "name") === text(has, "name")),
    )
  );
});

const dropReason = ofEnum("flow.DropReason", (flow) => flow["drop_reason_desc"]);

/**
 * The fields of a flow filter in the order in which Cilium asks them (pkg/hubble/filters/filters.go of 1.20.2), each
 * with what makes its test.
 */
export const conditions: Record<string, BuildTest> = {
  uuid: ofFlowOnly((values: string[]) => (flow) => values.includes(text(flow, "uuid"))),
  event_type: eventType,
  verdict: ofEnum("flow.Verdict", (flow) => flow["verdict"]),
  drop_reason_desc: (values) => {
    const isReason = dropReason(values);
    return (event) => enumNumber("flow.Verdict", event.flow?.["verdict"]) === DROPPED && isReason(event);
  },
  reply,
  encrypted: ofFlowOnly((values: boolean[]) => (flow) => values.includes(message(flow, "IP")?.["encrypted"] === true)),
  source_identity: identity("source"),
  destination_identity: identity("destination"),
  protocol: ofFlow(protocolTest),
  source_ip: ip("source"),
  destination_ip: ip("destination"),
  source_ip_xlated: ip("source_xlated"),
  source_pod: namespacedName("source", "pod_name"),
  destination_pod: namespacedName("destination", "pod_name"),
  source_workload: workload("source"),
  destination_workload: workload("destination"),
  source_service: namespacedName("source_service", "name"),
  destination_service: namespacedName("destination_service", "name"),
  source_fqdn: fqdn("source_names"),
  destination_fqdn: fqdn("destination_names"),
  dns_query: ofFlow(dnsQueryTest),
  source_label: labels((flow) => texts(message(flow, "source"), "labels")),
  destination_label: labels((flow) => texts(message(flow, "destination"), "labels")),
  node_labels: labels((flow) => texts(flow, "node_labels")),
  source_port: ofFlow((values: string[]) => portTest(values, "source_port")),
  destination_port: ofFlow((values: string[]) => portTest(values, "destination_port")),
  http_status_code: ofFlow(httpStatusTest),
  http_method: ofFlow(httpMethodTest),
  http_path: ofFlow(httpPathTest),
  http_url: ofFlow(httpUrlTest),
  http_header: ofFlow(httpHeaderTest),
  tcp_flags: ofFlow(tcpFlagsTest),
  node_name: ofFlow((values: string[]) => {
    const matches = nodeNameTest(values);
    return (flow) => matches(text(flow, "node_name"));
  }),
  source_cluster_name: cluster("source"),
  destination_cluster_name: cluster("destination"),
  ip_version: ofEnum("flow.IPVersion", (flow) => message(flow, "IP")?.["ipVersion"]),
  trace_id: ofFlow(
    (values: string[]) => (flow) => values.includes(text(message(flow, "trace_context", "parent"), "trace_id")),
  ),
  traffic_direction: ofEnum("flow.TrafficDirection", (flow) => flow["traffic_direction"]),
  experimental: ofFlow(celTest),
  interface: networkInterface,
  ip_trace_id: ofFlow((values: unknown[]) => {
    const ids = new Set(values.map(bigNumber));
    return (flow) => ids.has(bigNumber(message(flow, "ip_trace_id")?.["trace_id"] ?? 0));
  }),
};
