import type { FlowFilter } from "./flow-log.js";
import { conditions } from "./conditions.js";
import type { Test } from "./conditions.js";
import type { ExportEvent } from "./event.js";

/** A flow filter, ready to be asked. */
export interface CompiledFilter {
  filter: FlowFilter;
  /** In Cilium's order, of which all must hold; none holds for every event. */
  conditions: { field: string; test: Test }[];
}

/** Which filter decided against an event. */
export type Refusal =
  | { by: "include"; /** The first condition of each filter that did not hold. */ fields: string[] }
  | { by: "exclude"; /** The filter that matched, by its place. */ filter: number };

/**
 * Makes a filter ready, of a list that `explain` gives as Cilium reads it.
 * @throws Error for what cannot be tried here, such as CEL that the library lacks.
 */
export function compileFilter(filter: FlowFilter): CompiledFilter {
  // Cilium passes over a list without a value.
  const asked = Object.keys(conditions).filter((field) => (filter[field]?.length ?? 0) > 0);
  return { filter, conditions: asked.map((field) => ({ field, test: conditions[field]!(filter[field]!) })) };
}

/** The field of the first condition that does not hold; undefined where the filter matches. */
export function firstUnmet({ conditions }: CompiledFilter, event: ExportEvent): string | undefined {
  return conditions.find(({ test }) => !test(event))?.field;
}

/**
 * Whether an event passes: one of the including filters matches, or there is none, and none of the excluding ones does.
 * @returns undefined where it does, else what decided against it.
 */
export function refusalOf(
  event: ExportEvent,
  include: readonly CompiledFilter[],
  exclude: readonly CompiledFilter[],
): Refusal | undefined {
  const fields: string[] = [];
  for (const filter of include) {
    const field = firstUnmet(filter, event);
    if (field === undefined) break;
    fields.push(field);
  }
  if (include.length > 0 && fields.length === include.length) return { by: "include", fields };
  const filter = exclude.findIndex((one) => firstUnmet(one, event) === undefined);
  return filter < 0 ? undefined : { by: "exclude", filter };
}
