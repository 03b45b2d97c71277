import { protocol } from "../flow-filter/protocol.js";
import { datetimeTicks } from "../text/ticks.js";
import { addressOf, nameOf, text, type Values } from "./flow-cells.js";
import type { Row } from "./flatten-log.js";
import { readRow } from "./row-values.js";

/** Something that happened, how often; its fields are what it was counted by. */
export interface Finding {
  count: number;
  source: string;
  destination: string;
  /** Of the destination; "" where there is none. */
  port: string;
  /** The policy, the drop reason, the failed name or the request, and what came of it. */
  what: string;
}

export interface Findings {
  /** What a policy denied, most often first. */
  blocked: Finding[];
  /** What was dropped for another reason. */
  dropped: Finding[];
  failedNames: Finding[];
  httpErrors: Finding[];
  /** Whether so much was different that not all of it was told apart. */
  isBounded: boolean;
}

/** So many different findings of a kind are told apart, so many connections and lookups are remembered. */
const LIMIT = 20_000;

/** Half a second: a policy verdict and its drop are at most a slot of it apart, as in HubbleDropEvents (adx/functions.kql). */
const SLOT = 5_000_000;

const SECOND = 10_000_000;
const ORIGIN = datetimeTicks("2020-01-01T00:00:00Z")!;

const policyReasons = new Set(
  protocol.dropReasons.filter(({ policy }) => policy).flatMap(({ name, number }) => [name, String(number)]),
);
const responseCodes = new Map(protocol.dnsResponseCodes.map(({ number, name }) => [String(number), name]));

/** One of the findings of a kind, while it is gathered. */
interface Gathered extends Finding {
  policy: string;
  reason: string;
}

interface Connection {
  drops: number[];
  verdicts: { slot: number; finding: Gathered; count: number }[];
}

/**
 * Gathers from rows who was blocked, what else was dropped, which names and requests failed. Each denied packet counts
 * once: a policy verdict whose drop is there counts nothing. A name that is not found because it was tried with a search
 * domain is no failure.
 */
export class FindingsCounter {
  readonly #kinds = {
    blocked: new Map<string, Gathered>(),
    dropped: new Map<string, Gathered>(),
    failedNames: new Map<string, Gathered>(),
    httpErrors: new Map<string, Gathered>(),
  };
  readonly #connections = new Map<string, Connection>();
  readonly #misses = new Map<
    string,
    { time: number; forms: Map<string, number>; finding: Gathered; count: number }[]
  >();
  readonly #exchanges = new Map<
    string,
    { egress: { finding: Gathered; count: number; time: number }[]; ingress: number[] }
  >();
  #isBounded = false;

  /** Takes a row into account; rows that are no flows are passed over. */
  add(row: Row): void {
    if (row.kind !== "flow" || !/"DROPPED"|"HTTPCode":|"DNSQuery":/.test(row.json)) return;
    const values = readRow(row.json);
    if (text(values, "Verdict") === "DROPPED") this.#addDrop(values);
    if (values.has("DNSQuery")) this.#addName(values);
    if (Number(text(values, "HTTPCode")) >= 400 && text(values, "L7Type") === "RESPONSE" && values.has("HTTPMethod"))
      this.#addHttp(values);
  }

  /** What has been gathered, each kind by count. */
  get(): Findings {
    const of = (kind: Map<string, Gathered>) =>
      [...kind.values()]
        .filter(({ count }) => count > 0)
        .map(({ count, source, destination, port, what, policy, reason }) => ({
          count,
          source,
          destination,
          port,
          what: what || [policy, reason].filter(Boolean).join(" "),
        }))
        .sort((a, b) => b.count - a.count);
    return {
      blocked: of(this.#kinds.blocked),
      dropped: of(this.#kinds.dropped),
      failedNames: of(this.#kinds.failedNames),
      httpErrors: of(this.#kinds.httpErrors),
      isBounded: this.#isBounded,
    };
  }

  #addDrop(values: Values): void {
    const isL7 = text(values, "FlowType") === "L7";
    const reason = isL7
      ? "L7_DENIED"
      : text(values, "DropReason") || text(values, "DropReasonCode") || "DROP_REASON_UNKNOWN";
    const isPolicy = isL7 || policyReasons.has(reason) || policyReasons.has(text(values, "DropReasonCode"));
    const finding = this.#finding(isPolicy ? "blocked" : "dropped", {
      source: nameOf(values, "Source"),
      destination: addressOf(values, "Destination"),
      port: text(values, "DestinationPort"),
      what: "",
      protocol: text(values, "L4Protocol"),
      reason,
    });
    if (!finding) return;
    finding.policy ||= [text(values, "PolicyNamespace"), text(values, "PolicyName")].filter(Boolean).join("/");
    const count = countOf(values);
    const type = text(values, "EventType");
    if (text(values, "SourceIP") === "" || (type !== "1" && type !== "5")) {
      finding.count += count;
      return;
    }
    const slot = Math.floor(timeOf(values) / SLOT);
    const isNear = (other: number) => Math.abs(other - slot) <= 1;
    const connection = remembered(this.#connections, connectionOf(values), () => ({ drops: [], verdicts: [] }));
    if (type === "5") {
      if (connection.drops.some(isNear)) return;
      finding.count += count;
      keep(connection.verdicts, { slot, finding, count });
      return;
    }
    finding.count += count;
    for (const verdict of connection.verdicts.filter((one) => isNear(one.slot))) {
      verdict.finding.count -= verdict.count;
      finding.policy ||= verdict.finding.policy;
    }
    connection.verdicts = connection.verdicts.filter((one) => !isNear(one.slot));
    keep(connection.drops, slot);
  }

  #addName(values: Values): void {
    const isResponse = text(values, "L7Type") === "RESPONSE";
    const [client, server] = isResponse ? (["Destination", "Source"] as const) : (["Source", "Destination"] as const);
    const query = text(values, "DNSQuery").replace(/\.+$/, "");
    const source = nameOf(values, client);
    const time = timeOf(values);
    const forms = formsOf(query, text(values, `${client}Namespace`));
    const who = ["ClusterName", `${client}Namespace`].map((column) => text(values, column));
    const misses = remembered(this.#misses, JSON.stringify([...who, source]), () => []);
    // The same client goes on to the next form of a name that it has not found.
    for (const miss of [...misses]) {
      if (time < miss.time || time > miss.time + SECOND) continue;
      if (![...miss.forms].some(([name, rank]) => (forms.get(name) ?? -1) > rank)) continue;
      miss.finding.count -= miss.count;
      misses.splice(misses.indexOf(miss), 1);
    }
    const code = text(values, "DNSResponseCode");
    const isRefused = text(values, "Verdict") === "DROPPED";
    if (!isRefused && (!isResponse || code === "" || code === "0")) return;
    const failure = isRefused ? "REFUSED_BY_POLICY" : (responseCodes.get(code) ?? code);
    const finding = this.#finding("failedNames", {
      source,
      destination: nameOf(values, server),
      port: "",
      what: `${query} ${failure}`,
    });
    if (!finding) return;
    const count = countOf(values);
    finding.count += count;
    if (failure === "NXDOMAIN") keep(misses, { time, forms, finding, count });
  }

  #addHttp(values: Values): void {
    const path = text(values, "HTTPURL")
      .replace(/^[a-z][\w+.-]*:\/\/[^/?#]*/i, "")
      .replace(/[?#].*$/, "");
    const code = text(values, "HTTPCode");
    // A response: its source is the server.
    const finding = this.#finding("httpErrors", {
      source: nameOf(values, "Destination"),
      destination: nameOf(values, "Source"),
      port: text(values, "SourcePort"),
      what: `${code} ${text(values, "HTTPMethod")} ${path}`,
    });
    if (!finding) return;
    const count = countOf(values);
    const direction = text(values, "TrafficDirection");
    finding.count += count;
    if (text(values, "SourceIP") === "") return;
    const columns = ["ClusterName", "SourceIP", "SourcePort", "DestinationIP", "HTTPMethod", "HTTPURL", "HTTPCode"];
    const key = JSON.stringify(columns.map((column) => text(values, column)));
    const exchange = remembered(this.#exchanges, key, () => ({ egress: [], ingress: [] }));
    const time = Math.floor(timeOf(values) / SECOND);
    // Seen leaving the server and entering the client, it counts at the server.
    if (direction === "INGRESS") {
      for (const one of exchange.egress.filter((other) => Math.abs(other.time - time) <= 1))
        one.finding.count -= one.count;
      exchange.egress = exchange.egress.filter((other) => Math.abs(other.time - time) > 1);
      keep(exchange.ingress, time);
    } else if (direction === "EGRESS") {
      if (exchange.ingress.some((other) => Math.abs(other - time) <= 1)) finding.count -= count;
      else keep(exchange.egress, { finding, count, time });
    }
  }

  #finding(
    kind: "blocked" | "dropped" | "failedNames" | "httpErrors",
    by: { source: string; destination: string; port: string; what: string; protocol?: string; reason?: string },
  ): Gathered | undefined {
    const found = this.#kinds[kind];
    const key = JSON.stringify(Object.values(by));
    const known = found.get(key);
    if (known) return known;
    if (found.size >= LIMIT) {
      this.#isBounded = true;
      return undefined;
    }
    const { source, destination, port, what, reason = "" } = by;
    const made: Gathered = { count: 0, source, destination, port, what, policy: "", reason };
    found.set(key, made);
    return made;
  }
}

/** How many flows an aggregated row stands for. */
function countOf(values: Values): number {
  const columns = ["IngressFlowCount", "EgressFlowCount", "UnknownDirectionFlowCount"];
  return Math.max(
    1,
    columns.reduce((sum, column) => sum + Number(text(values, column)), 0),
  );
}

/** Ticks of 100 ns since a moment that leaves them below 2^53; NaN where there is no time. */
function timeOf(values: Values): number {
  const ticks = datetimeTicks(text(values, "TimeGenerated"));
  return ticks === undefined ? NaN : Number(ticks - ORIGIN);
}

function connectionOf(values: Values): string {
  const columns = ["ClusterName", "NodeName", "TrafficDirection", "L4Protocol", "SourceIP", "DestinationIP"];
  const ports = ["SourcePort", "DestinationPort", "ICMPType"];
  return JSON.stringify([...columns, ...ports].map((column) => text(values, column)));
}

/** The names that a query may be a form of, with the place of the form in the order in which they are tried. */
function formsOf(query: string, namespace: string): Map<string, number> {
  const forms = new Map<string, number>();
  for (const [i, suffix] of [`.${namespace}.svc.cluster.local`, ".svc.cluster.local", ".cluster.local"].entries()) {
    if (query.toLowerCase().endsWith(suffix.toLowerCase()) && query.length > suffix.length) {
      forms.set(query.slice(0, -suffix.length), i + 1);
    }
  }
  const node = /\.[^.]+\.[^.]+\.internal\.cloudapp\.net$/.exec(query);
  if (node && node.index > 0) forms.set(query.slice(0, node.index), 4);
  // Five dots and more: tried as it stands first.
  forms.set(query, query.split(".").length - 1 >= 5 ? 0 : 5);
  return forms;
}

/** What is remembered under a key; the oldest goes where there is too much. */
function remembered<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  if (map.size >= LIMIT) map.delete(map.keys().next().value!);
  const made = make();
  map.set(key, made);
  return made;
}

/** Adds to a list that stays short. */
function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > 64) list.shift();
}
