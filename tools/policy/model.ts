import type { Entity } from "./end.js";
import type { Evidence } from "./exchange.js";
import type { Labels } from "./labels.js";
import type { Direction, Service } from "./sighting.js";

/** Whom a rule lets in or out. */
export type Peer =
  | { kind: "endpoints"; cluster: string; namespace: string; selector: Labels }
  | { kind: "entity"; entity: Entity | "world" }
  | { kind: "names"; names: readonly string[]; addresses: readonly string[] }
  | { kind: "addresses"; addresses: readonly string[] };

/** A service that a rule lets pass, and what of its content, where that is asked for. */
export interface Allowed {
  service: Service;
  evidence: Evidence;
  http?: readonly { method: string; path: string }[];
  /** DNS names that may be asked for; "all" is any. */
  dns?: readonly string[] | "all";
}

/** One rule: a peer and the services that it may use, or that may be used of it. */
export interface Rule {
  peer: Peer;
  allowed: readonly Allowed[];
  /** What to know of it. */
  notes: readonly string[];
}

/** Requests that were denied, and that no rule here allows. */
export interface Denied {
  direction: Direction;
  /** By a deny rule, the L7 proxy, or for want of a rule. */
  outcome: "forbidden" | "refused" | "missing";
  /** How many services of the same two ends it is about. */
  services: number;
  evidence: Evidence;
  deniedBy: readonly string[];
}

/** A request that no rule can be written for. */
export interface Unwritable {
  direction: Direction;
  reason: string;
  evidence: Evidence;
}

/** What a workload needs, and no more. */
export interface Policy {
  name: string;
  cluster: string;
  namespace: string;
  /** For people. */
  workload: string;
  selector: Labels;
  alsoSelects: readonly string[];
  /** Undefined where the direction is not asked for; empty where nothing is needed. */
  rules: Record<Direction, readonly Rule[] | undefined>;
  denied: readonly Denied[];
  unwritable: readonly Unwritable[];
}
