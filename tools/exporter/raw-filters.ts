import { parse } from "yaml";
import { UserError } from "../user-error.js";
import type { FlowFilter } from "../flow-filter/flow-log.js";

/** Filters as Cilium's API takes them. */
export interface RawFilters {
  include: FlowFilter[];
  exclude: FlowFilter[];
}

/**
 * Reads what `hubble observe --print-raw-filters` prints: YAML with lists of JSON, `allowlist` and `denylist`.
 * @param file the name that errors give.
 * @throws UserError for anything else.
 */
export function readRawFilters(text: string, file: string): RawFilters {
  const fail = (what: string): never => {
    throw new UserError(`${file}: ${what}; give what "hubble observe … --print-raw-filters" prints`);
  };
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    return fail(`is no YAML (${(error as Error).message.split("\n")[0]!})`);
  }
  if (typeof read !== "object" || read === null || Array.isArray(read)) return fail("has no allowlist or denylist");
  const unknown = Object.keys(read).find((key) => !["allowlist", "denylist"].includes(key));
  if (unknown !== undefined) return fail(`has a key "${unknown}" beside allowlist and denylist`);
  const list = (key: string): FlowFilter[] => {
    const value = (read as Record<string, unknown>)[key] ?? [];
    if (!Array.isArray(value)) return fail(`${key} is no list`);
    return value.map((one) => {
      try {
        const filter: unknown = typeof one === "string" ? JSON.parse(one) : undefined;
        if (typeof filter === "object" && filter !== null && !Array.isArray(filter)) return filter as FlowFilter;
      } catch {
        // Said below, with what is no JSON.
      }
      return fail(`${key}: ${JSON.stringify(one)} is no JSON object in a string`);
    });
  };
  return { include: list("allowlist"), exclude: list("denylist") };
}
