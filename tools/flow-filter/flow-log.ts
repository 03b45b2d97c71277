import type { Version } from "./accepted.js";

/** A FlowFilter as Cilium reads it: field -> the values of which one must match. */
export type FlowFilter = Record<string, unknown[]>;

export interface EventTypeFilter {
  type?: number;
  match_sub_type?: boolean;
  sub_type?: number;
}

/** One entry of `flowLogs`, or the static exporter's settings. */
export interface FlowLog {
  /** Empty for the static exporter, which has no name. */
  name: string;
  filePath: string;
  /** Field mask paths; empty for whole flows. */
  fieldMask: string[];
  /** A flow is exported when one of these matches, or when there is none, */
  includeFilters: FlowFilter[];
  /** and none of these does. */
  excludeFilters: FlowFilter[];
  fieldAggregate?: string[];
  /** A Go duration, e.g. `30s`. */
  aggregationInterval?: string;
  /** Megabytes after which the file is rotated. */
  fileMaxSizeMb?: number;
  fileMaxBackups?: number;
  fileCompress?: boolean;
  /** RFC 3339. */
  end?: string;
}

/** The value of `filePath` that means the agent's own standard output, from Cilium 1.16 on. */
export const STDOUT = "stdout";

/**
 * Megabytes after which Cilium's log writer rotates (the largest number it takes), for files that must not be rotated:
 * it would rename a device like /dev/stdout and go on in an ordinary file.
 */
export const NEVER_ROTATE_MB = 2147483647;

/** Paths that lead to standard output through the file system; Cilium treats them as files. */
export function isStdoutDevice(path: string): boolean {
  return /^(\/dev\/(stdout|fd\/1)|\/proc\/(self|1)\/fd\/1)$/.test(path);
}

/** The name of the ConfigMap that Cilium's Helm chart mounts for dynamic flow logs, and its key. */
export const CONFIG_MAP = "cilium-flowlog-config";
export const CONFIG_MAP_KEY = "flowlogs.yaml";
export const CONFIG_MAP_NAMESPACE = "kube-system";

/** The Cilium version that generated configurations have to work with when nothing else is asked for. */
export const DEFAULT_VERSION: Version = "1.16";
