import { loadProtocol, type NamedNumber } from "../protocol.js";

/** The names and numbers of Cilium's flow protocol. */
export const protocol = loadProtocol();

/** Event types (`event_type.type`). */
export const DROP = 1;
export const L7 = 129;

/** The two drop reasons of network policies: no rule allows it, and a deny rule forbids it. */
export const POLICY_DENIED = 133;
export const POLICY_DENY = 181;

/** The names of an event type's sub types; empty where the protocol has none. */
export function subTypesOf(type: number): NamedNumber[] {
  const table = protocol.eventTypes.find(({ number }) => number === type)?.subTypes;
  return table === undefined ? [] : protocol[table];
}
