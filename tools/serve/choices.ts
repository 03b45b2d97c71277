import type { DashboardSource } from "../dashboard/source.js";
import type { Choices } from "../dashboard/tile-query.js";

/** The ranges that the page offers beside all flows and a range of one's own. */
export const ranges = ["5m", "15m", "1h", "6h", "1d", "7d", "30d"];

/**
 * What a page's address asks for: `range` (`15m`, counted back from the newest flow), or `from` and `to` (ISO 8601), and
 * the dashboard's parameters by their variables without the underscore (`namespace=shop&namespace=web`).
 * @param oldest the time of the oldest flow, where a range without a beginning begins.
 * @returns undefined where it is malformed.
 */
export function choicesOf(
  query: URLSearchParams,
  { parameters }: DashboardSource,
  oldest?: string,
): Choices | undefined {
  const values: Record<string, string | string[]> = {};
  for (const { variable, query: list } of parameters) {
    const given = query.getAll(variable.slice(1));
    if (given.length > 0) values[variable] = list === undefined ? given[0]! : given;
  }
  const range = query.get("range");
  if (range !== null) {
    if (!ranges.includes(range)) return undefined;
    return { from: `ago(${range})`, to: "now()", values };
  }
  const from = timeLiteral(query.get("from"), oldest === undefined ? "ago(1d)" : `datetime(${oldest})`);
  const to = timeLiteral(query.get("to"), "now()");
  return from && to ? { from, to, values } : undefined;
}

function timeLiteral(text: string | null, otherwise: string): string | undefined {
  if (text === null || text === "") return otherwise;
  const milliseconds = Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(milliseconds) ? undefined : `datetime(${new Date(milliseconds).toISOString()})`;
}
