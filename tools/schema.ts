import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "./package-file.js";

/** The ADX types that a column of the table can have. */
export type AdxType = "string" | "bool" | "int" | "long" | "datetime" | "dynamic";

/** How a column's value is made where it is not the JSON value at its path. */
export type Rule = "timestamp" | "clusterOfNodeName" | "nodeOfNodeName" | "presentKey" | "trueKeys";

export interface Column {
  name: string;
  type: AdxType;
  /** Where the value stands in the flow, `{a,b}` listing alternatives; absent for the filter's own columns. */
  path?: string;
  /** The path that serves where `path` is absent from the flow. */
  else?: string;
  rule?: Rule;
  /** Whether flow after flow has the same value, so that the scanner does well to remember it. */
  repeats?: boolean;
  description?: string;
}

/** Members of the flow, one behind the other in Cilium's order, that flow after flow repeats together. */
export interface Run {
  /** The keys of the first and the last of them. */
  from: string;
  to: string;
  /** The column by which two runs are told apart that start alike; it stands before them. */
  toldBy?: string;
}

export interface Schema {
  /** In table order. */
  columns: Column[];
  runs: Run[];
  /** The keys that an export event which is not a flow has in place of `flow`. */
  exportEvents: string[];
  /** For each object (by its path, the flow itself under `flow`) its keys in the order Cilium writes them. */
  keyOrder: Record<string, string[]>;
}

/**
 * Reads `schema/columns.yaml`.
 * @throws Error naming the file when it cannot be read or is not YAML.
 */
export function loadSchema(file: URL = packageFile("schema/columns.yaml")): Schema {
  return parse(readFileSync(file, "utf8")) as Schema;
}

/**
 * The paths that a path in brace notation stands for: `l4.{TCP,UDP}.source_port` gives `l4.TCP.source_port` and
 * `l4.UDP.source_port`, in this order.
 */
export function expandPath(path: string): string[] {
  const braces = /\{([^}]*)\}/.exec(path);
  if (!braces) return [path];
  const before = path.slice(0, braces.index);
  const after = path.slice(braces.index + braces[0].length);
  return braces[1]!.split(",").flatMap((choice) => expandPath(before + choice + after));
}
