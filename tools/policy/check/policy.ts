import type { Direction, HttpRequest, Service } from "../sighting.js";
import type { Match, PeerMatcher } from "./matcher.js";
import { meets, type Requirement } from "./labels.js";
import type { Node } from "./node.js";
import type { Party } from "./party.js";

/** What is asked of policies. */
export interface Question {
  source: Party;
  destination: Party;
  service: Service;
  http?: HttpRequest | undefined;
  dnsName?: string | undefined;
}

/** A rule of a policy. */
export interface CheckedRule {
  /** Where it stands in its policy: `egress[2]`, `ingressDeny[0]`. */
  path: string;
  line: number;
  direction: Direction;
  isDeny: boolean;
  peer: PeerMatcher;
  /** The port or ICMP type, and what goes through it where the rule says something of that. */
  traffic: (question: Question) => Match;
}

/** A policy, or one of its specs. */
export interface CheckedPolicy {
  /** For people: its kind, namespace and name. */
  title: string;
  file: string;
  line: number;
  selects: (pod: Party) => boolean;
  /** The directions in which it denies what no rule allows. */
  enforces: ReadonlySet<Direction>;
  rules: readonly CheckedRule[];
}

/** A policy out of its spec. @param subject what selects its pods. */
export function checkedPolicy(
  { file, line }: Node,
  title: string,
  subject: readonly Requirement[],
  enforces: readonly Direction[],
  rules: readonly CheckedRule[],
): CheckedPolicy {
  return { title, file, line, selects: (pod) => meets(pod.labels, subject), enforces: new Set(enforces), rules };
}

/** What policies make of a request at one end. */
export interface Answer {
  /** `unselected`: no policy is about it, so that it passes. */
  verdict: "allowed" | "denied" | "unknown" | "unselected";
  /** The rule that decided; undefined where it was the lack of one. */
  by: { policy: CheckedPolicy; rule: CheckedRule } | undefined;
  /** The policies that deny what no rule allows. */
  enforcing: readonly CheckedPolicy[];
}

/**
 * What policies make of a request at one of its ends: a deny rule comes before all others, then a rule that allows it;
 * without a policy that selects the pod in this direction, it passes. A pod's own node may always come in, as Kubernetes
 * has it.
 */
export function ask(policies: readonly CheckedPolicy[], question: Question, direction: Direction): Answer {
  const [subject, peer] =
    direction === "egress" ? [question.source, question.destination] : [question.destination, question.source];
  const selecting = subject.isPod ? policies.filter(({ selects }) => selects(subject)) : [];
  const enforcing = selecting.filter(({ enforces }) => enforces.has(direction));
  const matching = selecting.flatMap((policy) =>
    policy.rules
      .filter((rule) => rule.direction === direction)
      .map((rule) => ({ policy, rule, match: matchOf(rule, question, peer, subject) }))
      .filter(({ match }) => match !== "no"),
  );
  const first = (isDeny: boolean, match: Match) =>
    matching.find((one) => one.rule.isDeny === isDeny && one.match === match);
  const denying = first(true, "yes");
  if (denying) return { verdict: "denied", by: denying, enforcing };
  const perhaps = first(true, "unknown");
  const isOwnNode =
    direction === "ingress" && peer.labels.some(({ source, key }) => source === "reserved" && key === "host");
  const allowing = first(false, "yes");
  if (perhaps) return { verdict: "unknown", by: perhaps, enforcing };
  if (enforcing.length === 0) return { verdict: "unselected", by: undefined, enforcing };
  if (allowing || isOwnNode) return { verdict: "allowed", by: allowing, enforcing };
  const may = first(false, "unknown");
  return { verdict: may ? "unknown" : "denied", by: may, enforcing };
}

function matchOf(rule: CheckedRule, question: Question, peer: Party, subject: Party): Match {
  const ofPeer = rule.peer(peer, subject);
  if (ofPeer === "no") return "no";
  const ofTraffic = rule.traffic(question);
  return ofTraffic === "yes" ? ofPeer : ofTraffic;
}
