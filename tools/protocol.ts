import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "./package-file.js";

/** A number of the protocol with its name; `label` says it in words where the name alone doesn't. */
export interface NamedNumber {
  number: number;
  name: string;
  label?: string;
}

/** A value of `event_type.type`. */
export interface EventType extends NamedNumber {
  label: string;
  /** The export event that carries it, `none` for those that Hubble doesn't export. */
  event: string;
  /** The table of the protocol that names `event_type.sub_type`. */
  subTypes?: "dropReasons" | "debugCapturePoints" | "traceObservationPoints" | "socketTranslationPoints";
}

/** A value of `drop_reason`. */
export interface DropReason extends NamedNumber {
  label: string;
  /** Set on the decisions of a network policy. */
  policy?: boolean;
  /** The first Cilium version whose filters know the name; 1.15 and later without it. */
  since?: string;
  /** Set where Cilium has no name for it: flows and filters hold the number. */
  unnamed?: boolean;
}

/** The names and numbers of Cilium's flow protocol, as `schema/protocol.yaml` lists them. */
export interface Protocol {
  eventTypes: EventType[];
  traceObservationPoints: NamedNumber[];
  traceReasons: NamedNumber[];
  debugCapturePoints: NamedNumber[];
  socketTranslationPoints: NamedNumber[];
  dropReasons: DropReason[];
  verdicts: NamedNumber[];
  trafficDirections: NamedNumber[];
  flowTypes: NamedNumber[];
  l7Types: NamedNumber[];
  policyMatchTypes: NamedNumber[];
  lostEventSources: NamedNumber[];
  agentEventTypes: NamedNumber[];
  reservedIdentities: NamedNumber[];
  dnsResponseCodes: NamedNumber[];
}

/**
 * Reads `schema/protocol.yaml`.
 * @throws Error when it cannot be read or is not YAML.
 */
export function loadProtocol(file: URL = packageFile("schema/protocol.yaml")): Protocol {
  return parse(readFileSync(file, "utf8")) as Protocol;
}
