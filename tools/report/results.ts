import { loadDashboard, type DashboardSource, type QueryTile } from "../dashboard/source.js";
import { runnableQuery, type Choices } from "../dashboard/tile-query.js";
import type { Engine } from "../kusto/engine.js";
import { KustoError } from "../kusto/error.js";
import type { KustoResult, KustoValue } from "../kusto/result.js";
import { datetimeText } from "../text/ticks.js";
import type { Cell, Report, ResultTile } from "./model.js";

// Results, not rows: what keeps the page of a million flows small.
const mostRows = 1000;
const mostCharacters = 2000;

/**
 * Runs the queries of all tiles, one after the other, over all rows of the engine.
 * @param sources what the page names as the origin of the flows.
 * @param onTile is told how many tiles are done, and of how many.
 * @returns the answers; a tile whose query fails has the error in place of rows.
 */
export async function reportOf(
  engine: Engine,
  sources: string[],
  onTile: (done: number, of: number) => void = () => {},
  dashboard: DashboardSource = loadDashboard(),
): Promise<Report> {
  const rows = await engine.count();
  const times = await engine.times();
  const range = times && { from: datetimeText(times.oldest), to: datetimeText(times.newest) };
  const choices: Choices = range
    ? { from: `datetime(${range.from})`, to: `datetime(${range.to})` }
    : { from: "ago(1d)", to: "now()" };
  const of = dashboard.pages.flatMap(({ tiles }) => tiles).filter((tile) => "query" in tile).length;
  let done = 0;
  const pages: Report["pages"] = [];
  for (const { key, name, tiles } of dashboard.pages) {
    const answered: Report["pages"][number]["tiles"] = [];
    for (const tile of tiles) {
      if (!("query" in tile)) {
        answered.push(tile);
        continue;
      }
      answered.push(await answerTile(engine, dashboard, tile, choices));
      onTile((done += 1), of);
    }
    pages.push({ key, name, tiles: answered });
  }
  return { title: dashboard.title, sources, rows, ...range, pages };
}

/** Runs a tile's query. A query that fails gives a tile with the error in place of rows. */
export async function answerTile(
  engine: Engine,
  dashboard: DashboardSource,
  { query, ...tile }: QueryTile,
  choices: Choices,
): Promise<ResultTile> {
  const kql = runnableQuery(dashboard, query, choices);
  try {
    const results = await engine.query(kql);
    return { ...tile, kql, ...shortened(results.at(-1)!) };
  } catch (error) {
    if (!(error instanceof KustoError)) throw error;
    return { ...tile, kql, columns: [], rows: [], error: error.message };
  }
}

/** A result as a page gets it: the first thousand rows, long texts cut. */
export function shortened({ columns, rows }: KustoResult): Pick<ResultTile, "columns" | "rows" | "total"> {
  const kept = rows.slice(0, mostRows).map((row) => row.map(cell));
  return { columns, rows: kept, ...(rows.length > mostRows ? { total: rows.length } : {}) };
}

function cell(value: KustoValue): Cell {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "string" || value.length <= mostCharacters) return value;
  return `${wellFormed(value.slice(0, mostCharacters))}… (${value.length.toLocaleString("en-US")} characters)`;
}

/** Without the half of a pair that cutting has left at the end. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, "");
}
