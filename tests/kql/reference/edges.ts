import { pathOf } from "./http.js";
import { countOf, grouped, isFlow, isIn, isReply, list, number, seen, sum, text, timeOf } from "./flow.js";
import type { Answer, Flow, Range } from "./flow.js";

const isPort = (port: number | null): port is number => port !== null;
const bySide = (name: string) => [`Source${name}`, `Destination${name}`];

/** What Cilium, the L7 proxy or the first packet of a connection says of the direction. */
function mark(flow: Flow): "request" | "reply" | undefined {
  if (typeof flow.Reply === "boolean") return flow.Reply ? "reply" : "request";
  if (text(flow, "L7Type")) return text(flow, "L7Type") === "RESPONSE" ? "reply" : "request";
  return undefined;
}

const answersOfIcmp: Record<string, number[]> = { ICMPv4: [0, 3, 4, 5, 11, 12, 14], ICMPv6: [1, 2, 3, 4, 129] };

function isRequest(flow: Flow): boolean {
  const known = mark(flow);
  if (known) return known === "request";
  const answers = answersOfIcmp[text(flow, "L4Protocol")];
  if (answers) return !answers.includes(number(flow, "ICMPType") ?? 0);
  return number(flow, "EventType") === 5 || !isReply(flow);
}

/** Both ports a client's, or both a server's, and nothing else to go by. */
function isUnsure(flow: Flow): boolean {
  const [from, to] = [number(flow, "SourcePort"), number(flow, "DestinationPort")];
  const isTold =
    mark(flow) !== undefined || number(flow, "EventType") === 5 || text(flow, "TCPFlags").split(",").includes("SYN");
  const hasPorts = ["TCP", "UDP", "SCTP"].includes(text(flow, "L4Protocol"));
  return !isTold && hasPorts && isPort(from) && isPort(to) && from < 32768 === to < 32768;
}

const texts = [
  "ClusterName",
  "DropReason",
  "TrafficDirection",
  "FlowType",
  "L7Type",
  "L4Protocol",
  ...["Namespace", "WorkloadName", "WorkloadKind", "ClusterName"].flatMap(bySide),
  "HTTPMethod",
  "DNSQuery",
];
const numbers = ["DropReasonCode", "DestinationPort", "ICMPType", ...bySide("Identity")];
const dynamics = [...bySide("Labels"), ...bySide("Names"), "EgressDeniedBy", "IngressDeniedBy"];
const examples = [...bySide("PodName"), "HTTPURL"];

export function edges(flows: Flow[], range: Range): Answer[] {
  const requests = flows.filter(
    (flow) =>
      isFlow(flow) &&
      isIn(timeOf(flow), range) &&
      text(flow, "FlowType") !== "SOCK" &&
      text(flow, "Verdict") !== "" &&
      isRequest(flow),
  );
  const groups = grouped(
    requests,
    (flow) => ({
      ...Object.fromEntries(texts.map((column) => [column, text(flow, column)])),
      ...Object.fromEntries(numbers.map((column) => [column, number(flow, column)])),
      ...Object.fromEntries(dynamics.map((column) => [column, list(flow, column)])),
      Verdict: ["DROPPED", "AUDIT"].includes(text(flow, "Verdict")) ? text(flow, "Verdict") : "FORWARDED",
      TraceObservationPoint: text(flow, "TraceObservationPoint").startsWith("FROM_")
        ? text(flow, "TraceObservationPoint")
        : "",
      SourceIP: text(flow, "SourceNamespace") ? "" : text(flow, "SourceIP"),
      DestinationIP: text(flow, "DestinationNamespace") ? "" : text(flow, "DestinationIP"),
      Reply: isUnsure(flow) ? null : false,
      SourcePort: isUnsure(flow) ? number(flow, "SourcePort") : null,
      Path: text(flow, "HTTPMethod") ? pathOf(flow, true) : "",
    }),
    (group) => {
      const newest = group.reduce((a, b) => (timeOf(b) > timeOf(a) ? b : a));
      const isKnown = (flow: Flow) => text(flow, "SourceIP") !== "";
      const tuples = group
        .filter(isKnown)
        .map((flow) =>
          JSON.stringify(
            ["SourceIP", "SourcePort", "DestinationIP", "DestinationPort", "ICMPType"].map(
              (column) => flow[column] ?? null,
            ),
          ),
        );
      return {
        ...seen(group),
        Flows: new Set(tuples).size + sum(group.filter((flow) => !isKnown(flow)).map(countOf)),
        ...Object.fromEntries(examples.map((column) => [column, text(newest, column)])),
      };
    },
  );
  return groups.map((edge) => Object.fromEntries(Object.entries(edge).filter(([column]) => column !== "Path")));
}
