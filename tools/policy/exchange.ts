import type { End } from "./end.js";
import {
  serviceKey,
  serviceTitle,
  type Direction,
  type HttpRequest,
  type Outcome,
  type Service,
  type Sighting,
  type Skipped,
} from "./sighting.js";

/** How often something was seen, and an example of it. */
export class Evidence {
  firstSeen = "";
  lastSeen = "";
  example = "";
  readonly #connections = new Set<string>();
  /** What is only counted is counted at each end, and by the proxy: the largest number stands for all. */
  readonly #counts = new Map<string, number>();

  /** Connections, each once, however many packets and nodes tell of it. */
  get flows(): number {
    return this.#connections.size + Math.max(0, ...this.#counts.values());
  }

  add(sighting: Sighting): void {
    const { source, destination, service, direction, connection, flows, firstSeen, lastSeen } = sighting;
    if (connection === undefined) this.#count(`${direction} ${sighting.isL7}`, flows);
    else this.#connections.add(connection);
    if (this.firstSeen === "" || firstSeen < this.firstSeen) this.firstSeen = firstSeen;
    if (lastSeen > this.lastSeen) this.lastSeen = lastSeen;
    this.example ||= `${source.title} -> ${destination.title}, ${serviceTitle(service)}`;
  }

  merge(other: Evidence): void {
    for (const connection of other.#connections) this.#connections.add(connection);
    for (const [where, count] of other.#counts) this.#count(where, count);
    if (this.firstSeen === "" || (other.firstSeen !== "" && other.firstSeen < this.firstSeen)) {
      this.firstSeen = other.firstSeen;
    }
    if (other.lastSeen > this.lastSeen) this.lastSeen = other.lastSeen;
    this.example ||= other.example;
  }

  #count(where: string, flows: number): void {
    this.#counts.set(where, (this.#counts.get(where) ?? 0) + flows);
  }
}

/** What was seen of requests from one end to a service of another, at one of the two. */
export interface Seen {
  outcomes: Map<Outcome, Evidence>;
  /** Requests that the L7 proxy let pass. */
  http: Map<string, HttpRequest>;
  dnsNames: Set<string>;
  deniedBy: Set<string>;
}

/** All requests from one end to a service of another, whichever node saw them. */
export interface Exchange {
  source: End;
  destination: End;
  service: Service;
  seen: Map<Direction | undefined, Seen>;
}

/** Why a row is left out. */
export type LeftOut = Skipped | "unsure of the direction" | "another cluster";

interface Unsure {
  sighting: Sighting;
  sourcePort: number;
}

/** Gathers what was seen. */
export class Exchanges {
  readonly #exchanges = new Map<string, Exchange>();
  readonly #unsure: Unsure[] = [];
  /** The clusters whose nodes saw something. */
  readonly observers = new Set<string>();
  /** What the pods of those nodes have for their cluster. */
  readonly homes = new Set<string>();
  readonly skipped = new Map<LeftOut, number>();
  #rows = 0;

  /** @param cluster takes only what nodes of this cluster saw. */
  constructor(readonly cluster?: string) {}

  /** How many rows there were, of any kind. */
  get rows(): number {
    return this.#rows;
  }

  add(sighting: Sighting | Skipped): void {
    this.#rows += 1;
    if (typeof sighting === "string") return this.#skip(sighting);
    const { observer, direction, source, destination } = sighting;
    if (observer !== "") this.observers.add(observer);
    if (observer !== "" && this.cluster !== undefined && observer !== this.cluster)
      return this.#skip("another cluster");
    const local = direction === "egress" ? source : direction === "ingress" ? destination : undefined;
    if (local?.kind === "pod" && local.cluster !== "") this.homes.add(local.cluster);
    if (sighting.unsureOf === undefined) this.#take(sighting);
    else this.#unsure.push({ sighting, sourcePort: sighting.unsureOf });
  }

  /**
   * All exchanges. A packet of which nothing says whether it is a reply is one where its source was seen to serve that
   * port, and a request where its destination was; else it is left out. A pod whose cluster a flow leaves out is of the
   * one cluster that there is.
   */
  settle(): Exchange[] {
    const serves = new Set(
      [...this.#exchanges.values()].map(({ destination, service }) => serving(destination, service)),
    );
    for (const { sighting, sourcePort } of this.#unsure.splice(0)) {
      const { source, destination, service } = sighting;
      if (serves.has(serving(source, { ...service, port: sourcePort }))) this.#skip("reply");
      else if (serves.has(serving(destination, service))) this.#take(sighting);
      else this.#skip("unsure of the direction");
    }
    const exchanges = [...this.#exchanges.values()];
    const [home, ...others] = this.homes;
    if (home !== undefined && others.length === 0) {
      for (const end of exchanges.flatMap(({ source, destination }) => [source, destination])) {
        if (end.kind === "pod" && end.cluster === "") end.cluster = home;
      }
    }
    return exchanges;
  }

  #skip(reason: LeftOut): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1);
  }

  #take(sighting: Sighting): void {
    const { source, destination, service, direction, outcome, http, dnsName } = sighting;
    const key = JSON.stringify([source.key, destination.key, serviceKey(service)]);
    let exchange = this.#exchanges.get(key);
    if (!exchange) this.#exchanges.set(key, (exchange = { source, destination, service, seen: new Map() }));
    let seen = exchange.seen.get(direction);
    if (!seen) {
      seen = { outcomes: new Map(), http: new Map(), dnsNames: new Set(), deniedBy: new Set() };
      exchange.seen.set(direction, seen);
    }
    const evidence = seen.outcomes.get(outcome) ?? new Evidence();
    seen.outcomes.set(outcome, evidence);
    evidence.add(sighting);
    for (const policy of sighting.deniedBy) seen.deniedBy.add(policy);
    if (outcome !== "passed") return;
    // Which query it is makes no difference, whether there is one does.
    if (http) seen.http.set(`${http.method} ${http.host}${http.path}${http.query === "" ? "" : "?"}`, http);
    if (dnsName !== undefined) seen.dnsNames.add(dnsName);
  }
}

function serving(end: End, service: Service): string {
  return `${end.key} ${serviceKey(service)}`;
}

/** Whether a request has to be allowed at an end. */
export type Need = "needed" | "denied" | "unseen";

/**
 * What an end's policy has to do about an exchange: what was seen at that end decides, and what was seen at the other
 * only where nothing was denied here.
 * @param allowDenied counts what no rule allowed as if it had passed; never what a deny rule forbids.
 */
export function needAt(exchange: Exchange, end: Direction, allowDenied: boolean): Need {
  const at = (direction: Direction | undefined, ...outcomes: Outcome[]) =>
    outcomes.some((outcome) => exchange.seen.get(direction)?.outcomes.has(outcome));
  const other = end === "egress" ? "ingress" : "egress";
  if (at(end, "passed")) return "needed";
  if (at(end, "forbidden", "refused") || at(undefined, "forbidden", "refused")) return "denied";
  if (at(end, "missing") || at(undefined, "missing")) return allowDenied ? "needed" : "denied";
  if (at(end, "arrived") || at(undefined, "passed", "arrived") || at(other, "passed")) return "needed";
  if (at(other, "forbidden", "refused")) return "unseen";
  return (at(other, "missing") ? allowDenied : at(other, "arrived")) ? "needed" : "unseen";
}

/** All that was seen of an exchange with one of these outcomes. */
export function evidenceOf(exchange: Exchange, outcomes: readonly Outcome[]): Evidence {
  const all = new Evidence();
  const byDirection = [...exchange.seen.values()].flatMap((seen) =>
    outcomes.map((outcome) => seen.outcomes.get(outcome)),
  );
  for (const evidence of byDirection) if (evidence) all.merge(evidence);
  return all;
}
