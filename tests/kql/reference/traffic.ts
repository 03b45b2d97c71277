import { dropEvents } from "./drops.js";
import {
  countOf,
  distinct,
  endName,
  grouped,
  isFlow,
  isIn,
  isReply,
  matchName,
  minute,
  number,
  originTicks,
  pick,
  seen,
  sum,
  text,
  timeOf,
  type Answer,
  type Flow,
  type Range,
} from "./flow.js";
import { datetimeText } from "../../../tools/text/ticks.js";

const inRange = (flows: Flow[], range: Range) => flows.filter((flow) => isFlow(flow) && isIn(timeOf(flow), range));

export function flowCounts(flows: Flow[], range: Range): Answer[] {
  const strings = [
    "ClusterName",
    "NodeName",
    "Verdict",
    "TrafficDirection",
    "FlowType",
    "DropReason",
    "SourceNamespace",
    "DestinationNamespace",
  ];
  return grouped(
    inRange(flows, range),
    (flow) => ({
      Time: datetimeText(originTicks(Math.floor(timeOf(flow) / (5 * minute)) * 5 * minute)),
      ...pick(flow, strings, ["EventType", "DropReasonCode"]),
    }),
    (group) => ({ Rows: group.length, Flows: sum(group.map(countOf)) }),
  );
}

const packetsOf = (flows: Flow[], range: Range) =>
  new Map(dropEvents(flows, range).map((drop) => [drop.flow.UUID, drop.packets]));

export function requests(flows: Flow[], range: Range): Answer[] {
  const packets = packetsOf(flows, range);
  return inRange(flows, range)
    .filter((flow) => !isReply(flow))
    .map((flow) => ({
      UUID: flow.UUID,
      Source: endName(flow, "Source", true),
      SourcePod: endName(flow, "Source"),
      Destination: endName(flow, "Destination", true),
      Flows: countOf(flow),
      Packets: packets.get(flow.UUID) ?? 0,
      Tries: text(flow, "Verdict") === "DROPPED" ? packets.get(flow.UUID)! : countOf(flow),
    }));
}

export function topTalkers(flows: Flow[], range: Range): Answer[] {
  const packets = packetsOf(flows, range);
  return grouped(
    inRange(flows, range).filter((flow) => !isReply(flow)),
    (flow) => ({
      ...pick(flow, ["ClusterName", "L4Protocol"], ["DestinationPort"]),
      Source: endName(flow, "Source", true),
      Destination: endName(flow, "Destination", true),
    }),
    (group) => {
      const known = group.filter((flow) => text(flow, "SourceIP"));
      const tuple = (flow: Flow) =>
        JSON.stringify(pick(flow, ["SourceIP", "DestinationIP"], ["SourcePort", "DestinationPort"]));
      return {
        Connections: known.length === 0 ? null : new Set(known.map(tuple)).size,
        Flows: sum(group.map(countOf)),
        Dropped: sum(group.map((flow) => packets.get(flow.UUID) ?? 0)),
      };
    },
  );
}

export function policyVerdicts(flows: Flow[], { start, end }: Range): Answer[] {
  return grouped(
    flows.filter(
      (flow) =>
        isIn(timeOf(flow), { start, end }) && (number(flow, "EventType") === 5 || text(flow, "Verdict") === "AUDIT"),
    ),
    (flow) => ({
      ...pick(
        flow,
        ["ClusterName", "Verdict", "TrafficDirection", "PolicyKind", "PolicyNamespace", "PolicyName", "L4Protocol"],
        ["DestinationPort"],
      ),
      Match: matchName(number(flow, "PolicyMatchType")),
      Source: endName(flow, "Source", true),
      Destination: endName(flow, "Destination", true),
    }),
    (group) => ({ Flows: sum(group.map(countOf)), ...seen(group) }),
  );
}

export function podConnections(flows: Flow[], range: Range, namespace: string, pod: string): Answer[] {
  const packets = packetsOf(flows, range);
  const podOf = (flow: Flow, side: string) => text(flow, `${side}PodName`) || text(flow, `${side}WorkloadName`);
  const isEnd = (flow: Flow, side: string) =>
    text(flow, `${side}Namespace`) === namespace && podOf(flow, side).toLowerCase().startsWith(pod.toLowerCase());
  return grouped(
    inRange(flows, range).filter((flow) => (isEnd(flow, "Source") || isEnd(flow, "Destination")) && !isReply(flow)),
    (flow) => {
      const isClient = isEnd(flow, "Source");
      const [own, other] = isClient ? (["Source", "Destination"] as const) : (["Destination", "Source"] as const);
      return {
        ...pick(flow, ["ClusterName", "L4Protocol"], ["DestinationPort"]),
        Pod: podOf(flow, own),
        Role: isClient ? "client" : "server",
        Peer: endName(flow, other),
        PeerIP: text(flow, `${other}IP`),
      };
    },
    (group) => ({
      Flows: sum(group.map(countOf)),
      Dropped: sum(group.map((flow) => packets.get(flow.UUID) ?? 0)),
      Verdicts: distinct(group.map((flow) => text(flow, "Verdict"))),
      ...seen(group),
    }),
  );
}

export function firstSeenDestinations(flows: Flow[], range: Range, before: number, namespace = ""): Answer[] {
  const contacts = (from: number, to: number) =>
    flows
      .filter(
        (flow) =>
          isIn(timeOf(flow), { start: from, end: to }) &&
          text(flow, "TrafficDirection") === "EGRESS" &&
          !isReply(flow) &&
          (namespace === "" || text(flow, "SourceNamespace") === namespace),
      )
      .map((flow) => ({
        flow,
        contact: {
          ...pick(flow, ["ClusterName", "SourceNamespace", "L4Protocol"], ["DestinationPort"]),
          Workload: text(flow, "SourceWorkloadName") || text(flow, "SourcePodName"),
          Destination: endName(flow, "Destination", true),
        },
      }))
      .filter(({ contact }) => contact.Workload !== "" && contact.Destination !== "");
  const known = new Set(contacts(range.start - before, range.start - 1).map(({ contact }) => JSON.stringify(contact)));
  return grouped(
    contacts(range.start, range.end).filter(({ contact }) => !known.has(JSON.stringify(contact))),
    ({ contact }) => contact,
    (group) => ({
      FirstSeen: seen(group.map(({ flow }) => flow)).FirstSeen,
      Flows: sum(group.map(({ flow }) => countOf(flow))),
      Verdicts: distinct(group.map(({ flow }) => text(flow, "Verdict"))),
      Addresses: distinct(group.map(({ flow }) => text(flow, "DestinationIP")).filter(Boolean)).slice(0, 10),
    }),
  );
}
