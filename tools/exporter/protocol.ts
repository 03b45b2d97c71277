import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "../package-file.js";

/** A name of the protocol with its number, as `schema/protocol.yaml` lists them. */
export interface NamedNumber {
  number: number;
  name: string;
  label?: string;
}

export interface EventType extends NamedNumber {
  /** Which kind of export event carries it. */
  event: "flow" | "debug_event" | "agent_event" | "none";
  /** The table of the protocol that names its sub types. */
  subTypes?: "dropReasons" | "traceObservationPoints" | "debugCapturePoints" | "socketTranslationPoints";
}

export interface Protocol {
  eventTypes: EventType[];
  dropReasons: NamedNumber[];
  traceObservationPoints: NamedNumber[];
  debugCapturePoints: NamedNumber[];
  socketTranslationPoints: NamedNumber[];
  verdicts: NamedNumber[];
  trafficDirections: NamedNumber[];
}

/** The names and numbers of Cilium's flow protocol (`schema/protocol.yaml`). */
export const protocol = parse(readFileSync(packageFile("schema/protocol.yaml"), "utf8")) as Protocol;

export const DROP = 1;
export const POLICY_DENIED = 133;
export const POLICY_DENY = 181;
export const L7 = 129;

/** The names of an event type's sub types; empty where the protocol has none. */
export function subTypesOf(type: number): NamedNumber[] {
  const table = protocol.eventTypes.find(({ number }) => number === type)?.subTypes;
  return table === undefined ? [] : protocol[table];
}
