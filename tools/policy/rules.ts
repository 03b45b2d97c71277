import { Evidence, evidenceOf, needAt, type Exchange, type Seen } from "./exchange.js";
import type { Allowed, Denied, Peer, Rule, Unwritable } from "./model.js";
import { isName, peerKey, peerOf } from "./peer.js";
import { serviceKey, type Direction, type Outcome } from "./sighting.js";
import type { Workload, Workloads } from "./workload.js";

export interface RuleOptions {
  /** Count what no rule allowed as needed. */
  allowDenied: boolean;
  /** Restrict HTTP and DNS to what was asked for. */
  l7: boolean;
}

/** So many addresses of the outside may come to a service before it is taken for a public one. */
const publicAfter = 8;

interface Draft {
  peer: Peer;
  services: Map<string, DraftService>;
  notes: Set<string>;
}

interface DraftService {
  service: Exchange["service"];
  evidence: Evidence;
  seen: (Seen | undefined)[];
}

/** What a workload's rules of one direction are made of. */
export interface Drafted {
  rules: Rule[];
  denied: Denied[];
  unwritable: Unwritable[];
}

/** Makes the rules of one direction out of the exchanges of a workload's pods. */
export function draftRules(
  exchanges: readonly Exchange[],
  direction: Direction,
  subject: Workload,
  workloads: Workloads,
  options: RuleOptions,
): Drafted {
  const drafts = new Map<string, Draft>();
  const denied = new Map<string, Denied>();
  const unwritable = new Map<string, Unwritable>();
  const needed: Exchange[] = [];
  for (const exchange of exchanges) {
    const need = needAt(exchange, direction, options.allowDenied);
    if (need === "needed") needed.push(exchange);
    for (const one of deniedOf(exchange, direction, need === "needed", options)) {
      addDenied(denied, JSON.stringify([exchange.source.key, exchange.destination.key, one.outcome]), one);
    }
  }
  const known = namesByAddress(needed);
  for (const exchange of needed) {
    const other = withNames(direction === "egress" ? exchange.destination : exchange.source, known);
    const evidence = evidenceOf(exchange, neededOutcomes(options));
    const found = peerOf(other, direction, subject, workloads);
    if ("reason" in found) {
      const one = unwritable.get(found.reason) ?? { direction, reason: found.reason, evidence: new Evidence() };
      one.evidence.merge(evidence);
      unwritable.set(found.reason, one);
    } else {
      add(drafts, found.peer, exchange, direction, evidence, found.note);
    }
  }
  const kept = direction === "ingress" ? openPublic([...drafts.values()]) : [...drafts.values()];
  return {
    rules: finish(kept, direction, options),
    denied: [...denied.values()],
    unwritable: [...unwritable.values()],
  };
}

function neededOutcomes({ allowDenied }: RuleOptions): Outcome[] {
  return ["passed", "arrived", ...(allowDenied ? (["missing"] as const) : [])];
}

/** What was denied at this end, by outcome. With `allowDenied`, a missing rule is written. */
function deniedOf(exchange: Exchange, direction: Direction, isNeeded: boolean, { allowDenied }: RuleOptions): Denied[] {
  const found: Denied[] = [];
  for (const outcome of ["forbidden", "refused", "missing"] as const) {
    if (outcome === "missing" && isNeeded && allowDenied) continue;
    const evidence = new Evidence();
    const deniedBy = new Set<string>();
    for (const seen of [exchange.seen.get(direction), exchange.seen.get(undefined)]) {
      const one = seen?.outcomes.get(outcome);
      if (!seen || !one) continue;
      evidence.merge(one);
      for (const policy of seen.deniedBy) deniedBy.add(policy);
    }
    if (evidence.flows > 0) found.push({ direction, outcome, services: 1, evidence, deniedBy: [...deniedBy].sort() });
  }
  return found;
}

/** A scan of ports is one line, not one for each. */
function addDenied(denied: Map<string, Denied>, key: string, one: Denied): void {
  const present = denied.get(key);
  if (!present) denied.set(key, one);
  else {
    present.evidence.merge(one.evidence);
    const deniedBy = union(present.deniedBy, one.deniedBy);
    denied.set(key, { ...present, services: present.services + 1, deniedBy });
  }
}

/** The names that a workload's pods knew an address by, in any of their flows. */
function namesByAddress(exchanges: readonly Exchange[]): Map<string, string[]> {
  const known = new Map<string, string[]>();
  for (const { destination } of exchanges) {
    if (destination.kind !== "world" || destination.names.length === 0) continue;
    const names = new Set([...(known.get(destination.address) ?? []), ...destination.names]);
    known.set(destination.address, [...names]);
  }
  return known;
}

function withNames(end: Exchange["destination"], known: ReadonlyMap<string, string[]>): Exchange["destination"] {
  const names = end.kind === "world" && end.names.length === 0 ? known.get(end.address) : undefined;
  return names && end.kind === "world" ? { ...end, names } : end;
}

function add(
  drafts: Map<string, Draft>,
  peer: Peer,
  exchange: Exchange,
  direction: Direction,
  evidence: Evidence,
  note: string | undefined,
): void {
  const key = peerKey(peer);
  const draft = drafts.get(key) ?? { peer, services: new Map<string, DraftService>(), notes: new Set<string>() };
  drafts.set(key, draft);
  if (peer.kind === "names" && draft.peer.kind === "names") {
    draft.peer = { ...draft.peer, addresses: union(draft.peer.addresses, peer.addresses) };
  }
  if (note !== undefined) draft.notes.add(note);
  const name = serviceKey(exchange.service);
  const one = draft.services.get(name) ?? { service: exchange.service, evidence: new Evidence(), seen: [] };
  draft.services.set(name, one);
  one.evidence.merge(evidence);
  one.seen.push(exchange.seen.get(direction));
}

/** A service that many addresses of the outside come to is open to the world: nobody could list its clients. */
function openPublic(drafts: readonly Draft[]): Draft[] {
  const clients = new Map<string, number>();
  const isAddress = ({ peer }: Draft) => peer.kind === "addresses";
  for (const { services } of drafts.filter(isAddress)) {
    for (const key of services.keys()) clients.set(key, (clients.get(key) ?? 0) + 1);
  }
  const isPublic = (key: string) => (clients.get(key) ?? 0) > publicAfter;
  const isOfWorld = ({ peer }: Draft) => peer.kind === "entity" && peer.entity === "world";
  const world: Draft = { peer: { kind: "entity", entity: "world" }, services: new Map(), notes: new Set() };
  const kept: Draft[] = [];
  for (const draft of drafts) {
    if (!isAddress(draft) && !isOfWorld(draft)) kept.push(draft);
    else {
      const left = new Map<string, DraftService>();
      for (const [key, one] of draft.services) {
        if (isAddress(draft) && !isPublic(key)) left.set(key, one);
        else join(world.services, key, one);
      }
      for (const note of isOfWorld(draft) ? draft.notes : []) world.notes.add(note);
      if (left.size > 0) kept.push({ ...draft, services: left });
    }
  }
  for (const [key, count] of clients) {
    if (isPublic(key))
      world.notes.add(`${count} addresses of the outside came to ${key.replace(/ 0*/, " ")}, so all may`);
  }
  return world.services.size > 0 ? [...kept, world] : kept;
}

function join(services: Map<string, DraftService>, key: string, one: DraftService): void {
  const present = services.get(key);
  if (!present) services.set(key, { ...one, seen: [...one.seen] });
  else {
    present.evidence.merge(one.evidence);
    present.seen.push(...one.seen);
  }
}

function finish(drafts: readonly Draft[], direction: Direction, options: RuleOptions): Rule[] {
  const names = [...new Set(drafts.flatMap(({ peer }) => (peer.kind === "names" ? peer.names : [])))].sort();
  const rules = drafts.map((draft): Rule & { key: string } => ({
    peer: draft.peer,
    allowed: [...draft.services]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => allowedOf(one, direction, names, options)),
    notes: [...draft.notes, ...opened(draft, direction, options)],
    key: peerKey(draft.peer),
  }));
  rules.sort((a, b) => (a.key < b.key ? -1 : 1));
  const asksForNames = rules.some(({ allowed }) => allowed.some(({ dns }) => dns !== undefined));
  const merged = mergeAlike(rules);
  return names.length > 0 && !asksForNames ? [...merged, assumedDns(names, options)] : merged;
}

/** What a rule about ports lets pass that the L7 proxy refuses today. */
function opened({ services }: Draft, direction: Direction, options: RuleOptions): string[] {
  const isOpened = [...services.values()].some(
    (one) =>
      one.seen.some((seen) => seen?.outcomes.has("refused")) &&
      allowedOf(one, direction, [], options).http === undefined,
  );
  const remedy = options.l7 ? "no request that passed tells what to allow" : "--l7 keeps it so";
  return isOpened ? [`the L7 proxy refused some of these requests, and this rule lets them pass: ${remedy}`] : [];
}

function allowedOf(
  { service, evidence, seen }: DraftService,
  direction: Direction,
  names: readonly string[],
  { l7 }: RuleOptions,
): Allowed {
  const isAsked = direction === "egress" && service.port === 53 && service.protocol !== "SCTP";
  if (isAsked && (l7 || names.length > 0)) {
    const asked = [...new Set(seen.flatMap((one) => [...(one?.dnsNames ?? [])]))].map(plainName);
    const isTold = l7 && seen.every((one) => one !== undefined && one.dnsNames.size > 0) && asked.every(isName);
    if (isTold) return { service, evidence, dns: union(asked, names) };
    return names.length > 0 ? { service, evidence, dns: "all" } : { service, evidence };
  }
  const isRead = l7 && service.protocol === "TCP" && seen.every((one) => one !== undefined && one.http.size > 0);
  if (!isRead) return { service, evidence };
  const requests = new Map(seen.flatMap((one) => [...one!.http]));
  return { service, evidence, http: [...requests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, request]) => request) };
}

const plainName = (name: string) => name.toLowerCase().replace(/\.+$/, "");

/** Names and addresses that may use the same services share a rule. */
function mergeAlike(rules: readonly Rule[]): Rule[] {
  const merged: Rule[] = [];
  const places = new Map<string, number>();
  for (const rule of rules) {
    const { peer, allowed, notes } = rule;
    const isPlain = allowed.every(({ http, dns }) => http === undefined && dns === undefined);
    const key = JSON.stringify([peer.kind, notes, ...allowed.map(({ service }) => serviceKey(service))]);
    const at = places.get(key);
    const first = at === undefined ? undefined : merged[at];
    if (!first || !isPlain || (peer.kind !== "names" && peer.kind !== "addresses")) {
      if (isPlain) places.set(key, merged.length);
      merged.push(rule);
      continue;
    }
    for (const [index, one] of allowed.entries()) first.allowed[index]!.evidence.merge(one.evidence);
    merged[at!] = { ...first, peer: mergePeers(first.peer, peer) };
  }
  return merged;
}

function mergePeers(a: Peer, b: Peer): Peer {
  if (a.kind === "names" && b.kind === "names") {
    return { kind: "names", names: union(a.names, b.names), addresses: union(a.addresses, b.addresses) };
  }
  return a.kind === "addresses" && b.kind === "addresses"
    ? { kind: "addresses", addresses: union(a.addresses, b.addresses) }
    : a;
}

/** Names are of use only where Cilium sees them asked for. */
function assumedDns(names: readonly string[], { l7 }: RuleOptions): Rule {
  const selector = new Map([["k8s-app", "kube-dns"]]);
  return {
    peer: { kind: "endpoints", cluster: "", namespace: "kube-system", selector },
    allowed: [{ service: { protocol: "UDP", port: 53 }, evidence: new Evidence(), dns: l7 ? names : "all" }],
    notes: ["not seen, and taken for the cluster's DNS: Cilium learns the addresses of names from their lookups"],
  };
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}
