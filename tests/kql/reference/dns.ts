import {
  countOf,
  distinct,
  grouped,
  isIn,
  list,
  number,
  originTicks,
  reservedLabel,
  responseCodeName,
  second,
  seen,
  sum,
  text,
  timeOf,
  type Answer,
  type Flow,
  type Range,
  type Side,
} from "./flow.js";
import { datetimeText } from "../../../tools/text/ticks.js";

/** A DNS request or response from its client's point of view. */
export interface Lookup {
  flow: Flow;
  time: number;
  isResponse: boolean;
  query: string;
  failure: string;
  isSearchMiss: boolean;
  client: Answer;
  server: string;
  key: string;
}

export function lookups(flows: Flow[], { start, end }: Range): Lookup[] {
  const near = flows
    .filter((flow) => text(flow, "DNSQuery") && isIn(timeOf(flow), { start, end: end + second }))
    .map(lookupOf);
  for (const lookup of near)
    lookup.isSearchMiss = lookup.failure === "NXDOMAIN" && near.some((later) => isNextForm(lookup, later));
  return near.filter(({ time }) => time <= end);
}

function lookupOf(flow: Flow): Lookup {
  const isResponse = text(flow, "L7Type") === "RESPONSE";
  const [client, server]: Side[] = isResponse ? ["Destination", "Source"] : ["Source", "Destination"];
  const name = (side: Side) =>
    text(flow, `${side}PodName`) ||
    text(flow, `${side}WorkloadName`) ||
    text(flow, `${side}IP`) ||
    reservedLabel(list(flow, `${side}Labels`));
  const query = text(flow, "DNSQuery").replace(/\.+$/, "");
  const code = number(flow, "DNSResponseCode") ?? 0;
  const types = (list(flow, "DNSQueryTypes") ?? []).join(",");
  return {
    flow,
    time: timeOf(flow),
    isResponse,
    query,
    failure:
      text(flow, "Verdict") === "DROPPED" ? "REFUSED_BY_POLICY" : isResponse && code > 0 ? responseCodeName(code) : "",
    isSearchMiss: false,
    client: {
      ClusterName: text(flow, "ClusterName"),
      ClientNamespace: text(flow, `${client!}Namespace`),
      Client: name(client!),
    },
    server: name(server!),
    key: JSON.stringify([
      text(flow, "ClusterName"),
      text(flow, `${client!}IP`),
      number(flow, `${client!}Port`),
      query,
      types,
    ]),
  };
}

/** The names that a query may be a form of, with the place of the form in the order in which they are tried. */
function formsOf({ query, client }: Lookup): Map<string, number> {
  const forms = new Map<string, number>();
  const suffixes = [`.${client.ClientNamespace as string}.svc.cluster.local`, ".svc.cluster.local", ".cluster.local"];
  suffixes.forEach((suffix, index) => {
    if (query.toLowerCase().endsWith(suffix.toLowerCase()) && query.length > suffix.length)
      forms.set(query.slice(0, -suffix.length), index + 1);
  });
  const node = /\.[^.]+\.[^.]+\.internal\.cloudapp\.net$/.exec(query);
  if (node && node.index > 0) forms.set(query.slice(0, node.index), 4);
  forms.set(query, query.split(".").length - 1 >= 5 ? 0 : 5);
  return forms;
}

function isNextForm(miss: Lookup, later: Lookup): boolean {
  if (JSON.stringify(miss.client) !== JSON.stringify(later.client) || miss.query === later.query) return false;
  if (!isIn(later.time, { start: miss.time, end: miss.time + second })) return false;
  const laterForms = formsOf(later);
  return [...formsOf(miss)].some(([name, rank]) => (laterForms.get(name) ?? -1) > rank);
}

export function dnsFailures(flows: Flow[], range: Range): Answer[] {
  return grouped(
    lookups(flows, range).filter(({ failure, isSearchMiss }) => failure !== "" && !isSearchMiss),
    ({ client, query, failure }) => ({ ...client, Query: query, Failure: failure }),
    (group) => ({
      Failures: sum(group.map(({ flow }) => countOf(flow))),
      ...seen(group.map(({ flow }) => flow)),
      Servers: distinct(group.map(({ server }) => server)).slice(0, 10),
    }),
  );
}

export function dnsSearchMisses(flows: Flow[], range: Range): Answer[] {
  return grouped(
    lookups(flows, range).filter(({ isSearchMiss }) => isSearchMiss),
    ({ client, query }) => ({ ...client, Query: query }),
    (group) => ({
      Misses: sum(group.map(({ flow }) => countOf(flow))),
      LastSeen: seen(group.map(({ flow }) => flow)).LastSeen,
    }),
  );
}

export function dnsLatency(flows: Flow[], { start, end }: Range, now: number, threshold = 0): Answer[] {
  const half = 30 * second;
  const all = lookups(flows, { start: start - half, end: end + half }).filter(
    ({ flow, isResponse }) =>
      text(flow, "Verdict") !== "DROPPED" && number(flow, isResponse ? "DestinationPort" : "SourcePort") !== null,
  );
  const requests = all.filter(({ flow, time }) => text(flow, "L7Type") === "REQUEST" && time <= end);
  const answers = new Map<Lookup, Lookup[]>();
  const unanswered: Lookup[] = [];
  for (const request of requests) {
    const [answer] = all
      .filter(
        (each) =>
          each.isResponse &&
          each.key === request.key &&
          isIn(each.time, { start: request.time, end: request.time + half }),
      )
      .sort((a, b) => a.time - b.time);
    if (answer) answers.set(answer, [...(answers.get(answer) ?? []), request]);
    else unanswered.push(request);
  }
  const rowOf = (request: Lookup, latency: number | null, code: string): Answer => ({
    Requested: datetimeText(originTicks(request.time)),
    LatencyMs: latency,
    Query: request.query,
    Types: (list(request.flow, "DNSQueryTypes") ?? []).join(","),
    ResponseCode: code,
    ...request.client,
    Server: request.server,
  });
  const found = [...answers].flatMap(([answer, asked]) => {
    const first = asked.sort((a, b) => a.time - b.time)[0]!;
    const latency = answer.time - first.time;
    if (latency < threshold || !isIn(first.time, { start, end })) return [];
    return [rowOf(first, latency / 10_000, responseCodeName(number(answer.flow, "DNSResponseCode") ?? 0))];
  });
  const lost = unanswered.filter(({ time }) => time < now - half && isIn(time, { start, end }));
  return [...found, ...lost.map((request) => rowOf(request, null, "TIMEOUT"))];
}
