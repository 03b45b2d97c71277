import {
  countOf,
  distinct,
  endName,
  grouped,
  isIn,
  number,
  percentile,
  pick,
  second,
  seen,
  sum,
  text,
  timeOf,
  type Answer,
  type Flow,
  type Range,
} from "./flow.js";

/** HTTP responses of the range; one that is seen leaving the server and entering the client counts at the server. */
export function httpResponses(flows: Flow[], range: Range): Flow[] {
  const all = flows.filter((flow) => text(flow, "HTTPMethod") && text(flow, "L7Type") === "RESPONSE");
  const exchange = (flow: Flow) =>
    JSON.stringify(
      pick(flow, ["ClusterName", "SourceIP", "DestinationIP", "HTTPMethod", "HTTPURL"], ["SourcePort", "HTTPCode"]),
    );
  const isNear = (a: Flow, b: Flow) => Math.abs(Math.floor(timeOf(a) / second) - Math.floor(timeOf(b) / second)) <= 1;
  const margin = 2 * second;
  return all.filter((flow) => {
    if (!isIn(timeOf(flow), range)) return false;
    if (text(flow, "TrafficDirection") !== "EGRESS" || text(flow, "SourceIP") === "") return true;
    return !all.some(
      (other) =>
        text(other, "TrafficDirection") === "INGRESS" &&
        isIn(timeOf(other), { start: range.start - margin, end: range.end + margin }) &&
        exchange(other) === exchange(flow) &&
        isNear(other, flow),
    );
  });
}

export function pathOf(flow: Flow, groupIds: boolean): string {
  const url = text(flow, "HTTPURL");
  const path = (/^[a-z][\w+.-]*:\/\//i.test(url) ? url.replace(/^[^:]*:\/\/[^/?#]*/, "") : url).replace(/[?#].*$/, "");
  return groupIds
    ? path
        .split("/")
        .map((part, index) => (index > 0 && isId(part) ? "{id}" : part))
        .join("/")
    : path;
}

function isId(part: string): boolean {
  return /^\d+$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$|^[\da-f]{8,}$/i.test(part);
}

export function httpErrors(flows: Flow[], range: Range, minimumCode = 400, groupIds = false): Answer[] {
  return grouped(
    httpResponses(flows, range).filter((flow) => (number(flow, "HTTPCode") ?? 0) >= minimumCode),
    (flow) => ({
      ...pick(flow, ["ClusterName", "HTTPMethod"], ["HTTPCode"]),
      Server: endName(flow, "Source", true),
      Path: pathOf(flow, groupIds),
    }),
    (group) => ({
      Errors: sum(group.map(countOf)),
      Clients: distinct(group.map((flow) => endName(flow, "Destination", true))).slice(0, 10),
      ...seen(group),
    }),
  );
}

export function httpLatency(flows: Flow[], range: Range, groupIds = false): Answer[] {
  return grouped(
    httpResponses(flows, range).filter((flow) => number(flow, "LatencyNs") !== null),
    (flow) => ({
      ...pick(flow, ["ClusterName", "HTTPMethod"]),
      Server: endName(flow, "Source", true),
      Path: pathOf(flow, groupIds),
    }),
    (group) => {
      const values = group.map((flow) => number(flow, "LatencyNs")! / 1e6);
      return {
        Responses: sum(group.map(countOf)),
        P50Ms: percentile(values, 50),
        P95Ms: percentile(values, 95),
        P99Ms: percentile(values, 99),
      };
    },
  );
}
