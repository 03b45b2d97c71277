import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "../package-file.js";

/** A Cilium minor version, e.g. `1.19`. */
export type Version = string;

export type ValueType =
  | "string"
  | "ip"
  | "pod"
  | "service"
  | "workload"
  | "fqdn"
  | "label"
  | "cluster"
  | "port"
  | "uint32"
  | "uint64"
  | "trafficDirection"
  | "verdict"
  | "dropReason"
  | "eventType"
  | "interface"
  | "httpStatus"
  | "httpHeader"
  | "regex"
  | "protocol"
  | "bool"
  | "tcpFlags"
  | "nodePattern"
  | "ipVersion"
  | "experimental";

interface Since {
  since?: Version;
}

export interface FilterField extends Since {
  type: ValueType;
  /** The fields of the flow that the filter looks at, as field mask paths. */
  selects: string[];
  /** How to say it; `{}` stands for the values. */
  phrase: string;
}

export interface MessageField extends Since {
  message?: string;
  repeated?: boolean;
  oneof?: boolean;
}

export interface FlowLogKey extends Since {
  type: "string" | "fields" | "filters" | "duration" | "integer" | "boolean" | "time";
  required?: boolean;
}

interface Accepted {
  versions: Version[];
  flowLog: Record<string, FlowLogKey>;
  filter: Record<string, FilterField>;
  /** `until` is the last version in which flows have the protocol. */
  protocols: Record<string, Since & { until?: Version }>;
  messages: Record<string, Record<string, MessageField>> & { Flow: Record<string, MessageField> };
  fieldMasks: Record<string, string[]>;
  fieldAggregates: Record<string, string[]>;
}

/** What Cilium's Hubble exporter accepts (`schema/flow-filter.yaml`). */
export const accepted = parse(readFileSync(packageFile("schema/flow-filter.yaml"), "utf8")) as Accepted;

/** The first version that `schema/flow-filter.yaml` knows: dynamic flow logs came with it. */
export const firstVersion = accepted.versions[0]!;
export const newestVersion = accepted.versions.at(-1)!;

/** Negative when `a` is the older Cilium version, positive when it is the newer, else 0. */
export function compareVersions(a: Version, b: Version): number {
  return accepted.versions.indexOf(a) - accepted.versions.indexOf(b);
}

export type MaskPath =
  | { valid: true; since: Version; belowOneof: string | undefined }
  | { valid: false; wrong: string; choices: string[]; reason: "unknown" | "not a message" | "repeated" };

/**
 * Follows a field mask path (`source.pod_name`) through the messages of a Flow.
 * For a valid path `since` is the first Cilium version that knows all of it, and `belowOneof` the part of it that
 * names a field of which a flow holds one (`l4.TCP`), where the path goes below it.
 */
export function followMaskPath(path: string): MaskPath {
  const parts = path.split(".");
  let message = accepted.messages.Flow;
  let since = firstVersion;
  let belowOneof: string | undefined;
  for (const [i, part] of parts.entries()) {
    const field = Object.hasOwn(message, part) ? message[part] : undefined;
    if (!field) return { valid: false, wrong: part, choices: Object.keys(message), reason: "unknown" };
    if (field.since && compareVersions(field.since, since) > 0) since = field.since;
    if (i === parts.length - 1) break;
    if (field.repeated) return { valid: false, wrong: part, choices: [], reason: "repeated" };
    if (!field.message) return { valid: false, wrong: part, choices: [], reason: "not a message" };
    if (field.oneof) belowOneof = parts.slice(0, i + 1).join(".");
    message = accepted.messages[field.message]!;
  }
  return { valid: true, since, belowOneof };
}

/** Whether a mask lets a path through: it names the path itself, something above it, or something below it. */
export function maskKeeps(mask: readonly string[], path: string): boolean {
  return mask.some((kept) => kept === path || path.startsWith(`${kept}.`) || kept.startsWith(`${path}.`));
}
