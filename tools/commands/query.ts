import { readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { InvalidArgumentError, Option, type Command } from "commander";
import { noLines } from "../flatten/flatten-log.js";
import { logProgress } from "../flatten/progress.js";
import { noFlowsHint, summaryLine } from "../flatten/summary.js";
import type { Engine } from "../kusto/engine.js";
import { formatResults, type OutputOptions } from "../kusto/output.js";
import type { KustoResult } from "../kusto/result.js";
import { datetimeText, datetimeTicks } from "../text/ticks.js";
import { standardInput } from "../logs/open-log.js";
import { UserError } from "../user-error.js";

interface QueryOptions {
  file?: string;
  rows?: true;
  now?: bigint;
  format: OutputOptions["format"];
  escapeFormulas: boolean;
  quiet?: true;
}

/** Registers `hubble-adx query`. */
export function register(program: Command): void {
  program
    .command("query")
    .summary("run KQL over logs, on this machine")
    .description(
      "Runs KQL over the flows of logs, which lie in the table HubbleFlows as Azure Data Explorer would keep them. All " +
        "functions of adx/ are there. An embedded engine executes the query: it covers what adx/ and its documentation " +
        "use, and names what it does not cover.",
    )
    .argument("[kql]", "the query; with --file, the first log")
    .argument("[log...]", `log files; "${standardInput}", or none, is standard input`)
    .option("--file <file>", "read the query from a file, several separated by ; or by empty lines")
    .option("--rows", "the input is rows as JSON lines: flatten's, or an export out of Azure Data Explorer")
    .option("--now <time>", "what now() is, as ISO 8601 (default: the time of the newest flow)", timeArgument)
    .addOption(
      new Option("-f, --format <format>", "a table for people, JSON lines, or CSV")
        .choices(["table", "json", "csv"])
        .default("table"),
    )
    .option("--no-escape-formulas", "leave CSV text as it is that a spreadsheet would run as a formula (=, +, -, @)")
    .option("-q, --quiet", "no summary and no progress bar on standard error")
    .addHelpText("after", moreHelp)
    .action(query);
}

const moreHelp = `
Examples:
  $ hubble-adx query 'HubbleDeniedEgress(ago(1d), now())' cilium-agent.log
  $ kubectl logs -n kube-system ds/cilium -c cilium-agent | npx hubble-adx query 'HubbleDrops(ago(1h), now())'
  $ hubble-adx query 'HubbleFlows | summarize count() by Verdict' --format json cilium-agent.log
  $ hubble-adx query --file adx/queries.kql cilium-agent.log

Exit codes:
  0  the query has run, or the reader of the output closed it
  1  a mistake in the query, something that the engine does not cover, or a log that could not be read
  2  the command line is wrong`;

function timeArgument(text: string): bigint {
  const ticks = datetimeTicks(text);
  if (ticks === undefined) throw new InvalidArgumentError("it is no time such as 2026-03-04T09:15:00Z");
  return ticks;
}

async function query(kql: string | undefined, logs: string[], options: QueryOptions): Promise<void> {
  const text = options.file === undefined ? kql : readFileSync(options.file, "utf8");
  if (text === undefined) throw new UserError("no query: hubble-adx query 'HubbleFlows | count' LOG");
  const given = options.file === undefined || kql === undefined ? logs : [kql, ...logs];
  const paths = given.length > 0 ? given : [standardInput];
  // Not before they are needed: the parser takes half a second, DuckDB 70 MB.
  const { Engine } = await import("../kusto/engine.js");
  const { splitText } = await import("../kusto/split.js");
  const engine = await Engine.open();
  try {
    const queries = splitText(text, engine.database, options.file);
    // A mistake, or what the engine does not cover, is told before a long log is read.
    for (const each of queries) {
      engine.check(each);
      engine.translate(each, options.now ?? 0n);
    }
    await load(engine, paths, options);
    const now = options.now ?? (await engine.newestTime());
    const results: KustoResult[] = [];
    for (const each of queries) results.push(...(await engine.query(each, now === undefined ? {} : { now })));
    await print(results, options);
    if (!options.quiet) report(results, now, options);
  } finally {
    engine.close();
  }
}

/** Loads logs, or rows, with a progress bar and a summary on standard error. */
export async function load(
  engine: Engine,
  paths: string[],
  options: Pick<QueryOptions, "rows" | "quiet">,
): Promise<void> {
  const { loadLog, loadRows } = await import("../kusto/load.js");
  const progress = await logProgress(paths, options.quiet);
  const onBytes = (count: number) => progress.advance(count);
  const counts = noLines();
  let rows = 0;
  try {
    for (const path of paths) {
      if (options.rows) rows += await loadRows(engine, { path, onBytes });
      else await loadLog(engine, { path, onBytes }, counts);
    }
  } finally {
    progress.stop();
  }
  if (options.quiet) return;
  const hint = options.rows ? undefined : noFlowsHint(counts);
  process.stderr.write(`${options.rows ? `${rows.toLocaleString("en-US")} rows` : summaryLine(counts)}\n`);
  if (hint) process.stderr.write(`${hint}\n`);
}

async function print(results: KustoResult[], { format, escapeFormulas }: QueryOptions): Promise<void> {
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  const color = process.stdout.isTTY && process.stdout.hasColors();
  await pipeline(formatResults(results, { format, escapeFormulas, width, color }), process.stdout, { end: false });
}

function report(results: KustoResult[], now: bigint | undefined, { now: given }: QueryOptions): void {
  const rows = results.map((result) => result.rows.length);
  const counted = rows.map((count) =>
    count === 0 ? "no rows" : count === 1 ? "1 row" : `${count.toLocaleString("en-US")} rows`,
  );
  const time =
    now === undefined ? "" : `; now() is ${datetimeText(now)}${given === undefined ? ", the newest flow's time" : ""}`;
  process.stderr.write(`Answer: ${counted.join(", ")}${time}\n`);
}
