import {
  countOf,
  distinct,
  endName,
  grouped,
  isFlow,
  isIn,
  isPolicyReason,
  meaningOf,
  number,
  pick,
  policyTitle,
  reasonName,
  seen,
  sum,
  text,
  timeOf,
  type Answer,
  type Flow,
  type Range,
} from "./flow.js";

const slot = 500_000;
const margin = 1_000_000;

/** A dropped flow: how many packets it counts for, and its reason. */
export interface Drop {
  flow: Flow;
  packets: number;
  reason: string;
}

const connectionColumns = ["ClusterName", "NodeName", "TrafficDirection", "L4Protocol", "SourceIP", "DestinationIP"];
const connectionOf = (flow: Flow) =>
  JSON.stringify(pick(flow, connectionColumns, ["SourcePort", "DestinationPort", "ICMPType"]));

/** Every dropped flow of the range. A policy verdict whose drop is within a twentieth of a second or two counts nothing. */
export function dropEvents(flows: Flow[], { start, end }: Range): Drop[] {
  const near = flows.filter(
    (flow) =>
      isFlow(flow) &&
      text(flow, "Verdict") === "DROPPED" &&
      isIn(timeOf(flow), { start: start - margin, end: end + margin }),
  );
  return near
    .filter((flow) => isIn(timeOf(flow), { start, end }))
    .map((flow) => {
      const others = near.filter((other) => connectionOf(other) === connectionOf(flow));
      const isVerdict = number(flow, "EventType") === 5 && text(flow, "SourceIP") !== "";
      const hasDrop = others.some(
        (other) =>
          number(other, "EventType") === 1 &&
          Math.abs(Math.floor(timeOf(other) / slot) - Math.floor(timeOf(flow) / slot)) <= 1,
      );
      return {
        flow: withPolicy(flow, others),
        packets: isVerdict && hasDrop ? 0 : countOf(flow),
        reason: reasonOf(flow),
      };
    });
}

function withPolicy(flow: Flow, others: Flow[]): Flow {
  if (text(flow, "PolicyName")) return flow;
  const known = others.filter((other) => text(other, "PolicyName")).sort((a, b) => timeOf(b) - timeOf(a))[0];
  return known ? { ...flow, ...pick(known, ["PolicyName", "PolicyNamespace", "PolicyKind"]) } : flow;
}

function reasonOf(flow: Flow): string {
  if (text(flow, "FlowType") === "L7") return "L7_DENIED";
  return text(flow, "DropReason") || reasonName(number(flow, "DropReasonCode")) || "DROP_REASON_UNKNOWN";
}

export const droppedFlows = (flows: Flow[], range: Range): Drop[] =>
  dropEvents(flows, range).filter(({ packets }) => packets > 0);

export const deniedFlows = (flows: Flow[], range: Range): Drop[] =>
  droppedFlows(flows, range).filter(({ flow }) => isPolicyReason(flow) || text(flow, "FlowType") === "L7");

export function deniedEgress(flows: Flow[], range: Range, namespace = "", pod = ""): Answer[] {
  const wanted = deniedFlows(flows, range).filter(
    ({ flow }) =>
      text(flow, "TrafficDirection") === "EGRESS" &&
      (namespace === "" || text(flow, "SourceNamespace") === namespace) &&
      (text(flow, "SourcePodName") || text(flow, "SourceWorkloadName")).startsWith(pod),
  );
  const columns = [
    "ClusterName",
    "SourceNamespace",
    "SourceWorkloadName",
    "SourcePodName",
    "SourceIP",
    "DestinationIP",
    "L4Protocol",
  ];
  return grouped(
    wanted,
    ({ flow }) => ({
      ...pick(flow, columns, ["DestinationPort"]),
      Source: endName(flow, "Source"),
      Destination: endName(flow, "Destination"),
    }),
    (group) => ({
      Attempts: sum(group.map(({ packets }) => packets)),
      Policies: distinct(group.filter(({ flow }) => text(flow, "PolicyName")).map(({ flow }) => policyTitle(flow))),
      Reasons: distinct(group.map(({ reason }) => reason)),
      Nodes: distinct(group.map(({ flow }) => text(flow, "NodeName"))),
      ...seen(group.map(({ flow }) => flow)),
    }),
  );
}

export function drops(flows: Flow[], range: Range): Answer[] {
  return grouped(
    droppedFlows(flows, range),
    ({ flow, reason }) => ({
      ...pick(flow, ["ClusterName", "NodeName", "TrafficDirection"]),
      Reason: reason,
      Meaning: meaningOf(reason),
    }),
    (group) => ({
      Drops: sum(group.map(({ packets }) => packets)),
      Sources: distinct(group.map(({ flow }) => endName(flow, "Source"))).length,
      Destinations: distinct(group.map(({ flow }) => endName(flow, "Destination"))).length,
      LastSeen: seen(group.map(({ flow }) => flow)).LastSeen,
    }),
  );
}
