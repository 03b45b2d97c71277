import { styleText } from "node:util";
import type { Finding, FindingsCounter } from "./findings.js";
import type { Row } from "./flatten-log.js";
import { findingsLayout } from "./layouts.js";
import { each, formatTable, type TableOptions } from "./table.js";

/** So many findings of a kind are shown. */
const SHOWN = 5;

const TITLES = [
  ["blocked", "Blocked by policy", ["Source", "Destination", "Policy, reason"]],
  ["dropped", "Dropped for other reasons", ["Source", "Destination", "Reason"]],
  ["failedNames", "Names that failed", ["Client", "Server", "Name, failure"]],
  ["httpErrors", "HTTP errors", ["Client", "Server", "Status, request"]],
] as const;

/** Passes rows on, and counts what they tell. */
export async function* counted(rows: AsyncIterable<Row>, findings: FindingsCounter): AsyncGenerator<Row> {
  for await (const row of rows) {
    findings.add(row);
    yield row;
  }
}

/** What the rows came to, behind their table: who was blocked, what failed, a few lines each; nothing where all went well. */
export async function* formatEnding(findings: FindingsCounter, options: TableOptions): AsyncGenerator<string> {
  const { isBounded, ...kinds } = findings.get();
  for (const [kind, title, columns] of TITLES) {
    const all: Finding[] = kinds[kind];
    if (all.length === 0) continue;
    const shown = all.slice(0, SHOWN);
    yield `\n${options.color ? styleText("bold", title, { validateStream: false }) : title}\n`;
    yield* formatTable(each(shown), findingsLayout(columns, shown), options);
    const more = all.slice(SHOWN);
    if (more.length > 0) yield `… and ${more.length.toLocaleString("en-US")} more\n`;
  }
  if (isBounded) yield "\nThere was too much to tell all of it apart: counts are of a part.\n";
}
