import { readFileSync } from "node:fs";
import { packageFile } from "../package-file.js";

/** A JSON object whose members nobody has looked at yet. */
export type Json = Record<string, unknown>;

const KINDS = ["flow", "lost_events", "agent_event", "debug_event"] as const;

/** What Hubble's exporter writes as one line, as far as filters look at it. */
export interface ExportEvent {
  kind: (typeof KINDS)[number];
  /** The flow; undefined for the other events. */
  flow: Json | undefined;
  /** The number of an agent or debug event's type, 0 for the others. */
  eventType: number;
  /** The whole line, read. */
  line: Json;
}

interface FlowTypes {
  messages: Record<string, Record<string, { type: string; repeated?: boolean }>>;
  enums: Record<string, Record<string, number>>;
}

let types: FlowTypes | undefined;

/** The types of a flow's fields, by message, and the enums with their numbers (`schema/flow-types.json`). */
export function flowTypes(): FlowTypes {
  return (types ??= JSON.parse(readFileSync(packageFile("schema/flow-types.json"), "utf8")) as FlowTypes);
}

/**
 * Reads a line of the exporter's, or of `hubble observe -o jsonpb`.
 * @returns undefined for what is no JSON object with one of Hubble's events in it.
 */
export function readEvent(text: string): ExportEvent | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  return eventOf(line as Json);
}

/** The event in a line that is read already. */
export function eventOf(line: Json): ExportEvent | undefined {
  for (const kind of KINDS) {
    const body = Object.hasOwn(line, kind) ? object(line[kind]) : undefined;
    if (!body) continue;
    const isFlow = kind === "flow";
    const enums: Partial<Record<typeof kind, string>> = {
      agent_event: "AgentEventType",
      debug_event: "DebugEventType",
    };
    const typed = enums[kind];
    const eventType = typed === undefined ? 0 : enumNumber(`flow.${typed}`, body["type"]);
    return { kind, flow: isFlow ? body : undefined, eventType, line };
  }
  return undefined;
}

/** The object that a member is; undefined for anything else. */
export function object(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

/** The message that a path of names leads to; undefined where one of them is not there. */
export function message(from: Json | undefined, ...path: string[]): Json | undefined {
  let at = from;
  for (const name of path) at = at && Object.hasOwn(at, name) ? object(at[name]) : undefined;
  return at;
}

/** A string field; "" where it is not there, as protocol buffers have it. */
export function text(from: Json | undefined, name: string): string {
  const value = from?.[name];
  return typeof value === "string" ? value : "";
}

/** The strings of a repeated field. */
export function texts(from: Json | undefined, name: string): string[] {
  const value = from?.[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** The messages of a repeated field. */
export function messages(from: Json | undefined, name: string): Json[] {
  const value = from?.[name];
  return Array.isArray(value) ? value.map(object).filter((one) => one !== undefined) : [];
}

/** A number of up to 32 bits; 0 where it is not there. */
export function number(from: Json | undefined, name: string): number {
  const value = from?.[name];
  return typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : 0;
}

/** A number of 64 bits, which stands in JSON as a string. */
export function bigNumber(value: unknown): bigint {
  const isNumber = typeof value === "number" ? Number.isInteger(value) : /^-?\d+$/.test(String(value));
  return isNumber ? BigInt(value as number | string) : 0n;
}

/** The number of an enum's value, which stands in JSON by its name or, where that is not known, as a number. */
export function enumNumber(name: string, value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return 0;
  const values = flowTypes().enums[name] ?? {};
  if (Object.hasOwn(values, value)) return values[value]!;
  return /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
}
