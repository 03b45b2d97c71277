import { kqlString } from "../text/kql.js";
import type { DashboardSource } from "./source.js";
import { usedVariables } from "./source.js";

/** What a person has chosen on a dashboard. */
export interface Choices {
  /** The time range, as KQL expressions: `ago(1d)`, `datetime(2026-03-04T09:14:00Z)`. */
  from: string;
  to: string;
  /** The values of parameters by variable (`_cluster`): a list of values for a list, a text for free text; none is all. */
  values?: Record<string, string | string[]>;
}

/**
 * A tile's query (or a parameter's) as it can be run: the variables and base queries that it uses are declared before it,
 * as the service declares them.
 */
export function runnableQuery(source: DashboardSource, query: string, choices: Choices): string {
  const bases = usedVariables(query, Object.keys(source.base));
  const texts = [query, ...bases.map((name) => source.base[name]!)];
  const uses = (variable: string) => texts.some((text) => usedVariables(text, [variable]).length > 0);
  const { from, to } = source.time;
  const lets = [
    ...(uses(from) ? [`let ${from} = ${choices.from};`] : []),
    ...(uses(to) ? [`let ${to} = ${choices.to};`] : []),
    ...source.parameters
      .filter(({ variable }) => uses(variable))
      .map(
        ({ variable, query: list }) => `let ${variable} = ${chosen(choices.values?.[variable], list !== undefined)};`,
      ),
    ...bases.map((name) => `let ${name} = ${source.base[name]!.trim()};`),
  ];
  return [...lets, query.trim()].join("\n");
}

function chosen(value: string | string[] | undefined, isList: boolean): string {
  if (!isList) return kqlString(typeof value === "string" ? value : "");
  const values = value === undefined ? [] : [value].flat();
  return values.length === 0 ? "dynamic(null)" : `dynamic([${values.map(kqlString).join(", ")}])`;
}
