import { readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { InvalidArgumentError, Option, type Command } from "commander";
import { formatCsv } from "../flatten/csv.js";
import { lineKey, parseColumns } from "../flatten/columns.js";
import { counted, formatEnding } from "../flatten/ending.js";
import { FindingsCounter } from "../flatten/findings.js";
import { flattenLog, noLines, type LineCounts, type Row } from "../flatten/flatten-log.js";
import { formatJsonLines } from "../flatten/json-lines.js";
import { columnsLayout, storyLayout } from "../flatten/layouts.js";
import { noProgress, progressBar, type Progress } from "../flatten/progress.js";
import { noFlowsHint, summaryLine } from "../flatten/summary.js";
import { formatTable, type TableLayout, type TableOptions } from "../flatten/table.js";
import { terminalOptions } from "../flatten/terminal.js";
import { FilterHost, filterFunctions, readFilterModule } from "../host.js";
import { endStandardInput, logName, logSize, openLog, standardInput } from "../logs/open-log.js";
import { loadSchema } from "../schema.js";
import { UserError } from "../user-error.js";
import type { ObserveFilters } from "../flow-filter/observe.js";
import { addFilterOptions, type SelectorOptions } from "./filter-options.js";

interface FlattenOptions extends SelectorOptions {
  format: "table" | "json" | "csv";
  columns?: string[];
  function: string;
  escapeFormulas: boolean;
  wasm?: string;
  quiet?: true;
}

type Passes = (line: string) => boolean;

/** Registers `hubble-adx flatten`. */
export function register(program: Command): void {
  const command = program
    .command("flatten")
    .summary("show the rows that Azure Data Explorer gets from a Cilium agent's log")
    .description(
      "Runs container logs through the Fluent Bit filter, build/hubble-adx.wasm, and prints the rows it makes of the " +
        "Hubble flows in them. Reads CRI lines (their parts joined), Docker's json-file lines, what kubectl logs prints " +
        "and the exporter's own files, each also compressed with gzip.",
    )
    .argument("[file...]", `log files; "${standardInput}", or none, is standard input`)
    .addOption(
      new Option("-f, --format <format>", "a table for people, JSON lines as the filter returns them, or CSV")
        .choices(["table", "json", "csv"])
        .default("table"),
    )
    .addOption(
      new Option(
        "-c, --columns <names>",
        "the columns to print, separated by commas (default: all; the table chooses)",
      ).argParser(columnsArgument),
    )
    .addOption(
      new Option("--function <name>", "the function of the filter to call: Fluent Bit's function_name")
        .choices(filterFunctions)
        .default(filterFunctions[0]),
    )
    .option("--no-escape-formulas", "leave CSV text as it is that a spreadsheet would run as a formula (=, +, -, @)")
    .option("--wasm <file>", "another build of the filter")
    .option("-q, --quiet", "no summary and no progress bar on standard error")
    .addHelpText("after", moreHelp);
  const filters = addFilterOptions(command);
  command.action(async (files: string[], options: FlattenOptions) => {
    await flatten(files, options, await passesFor(filters, options));
  });
}

/** What hubble's own filters let through; undefined where none is asked for. */
async function passesFor(filters: ObserveFilters, { since, until }: FlattenOptions): Promise<Passes | undefined> {
  const asked = filters.get();
  if (asked.include.length + asked.exclude.length === 0 && since === undefined && until === undefined) return undefined;
  const { selectLines } = await import("../exporter/select.js");
  return selectLines({ ...asked, since, until }, new Date());
}

const moreHelp = `
The table shows times in UTC, fits itself to the terminal and cuts long text; json and csv cut nothing. It ends with who
was blocked, what else was dropped, and the names and HTTP requests that failed.
With filters, a line that is no readable flow is left out.
A ' is put before CSV text that begins like a formula, since names in flows are chosen by others.

Examples:
  $ kubectl logs -n kube-system ds/cilium -c cilium-agent | npx hubble-adx flatten
  $ hubble-adx flatten --columns TimeGenerated,SourcePodName,DestinationIP,DropReason cilium-agent.log
  $ hubble-adx flatten --verdict DROPPED --to-namespace shop --not --to-port 53 --last 20 cilium-agent.log
  $ hubble-adx flatten --format json /var/log/pods/kube-system_cilium-*/cilium-agent/* | jq .PolicyName

Exit codes:
  0  the logs were read to the end, or the reader of the output closed it
  1  a log could not be read, or the filter failed
  2  the command line is wrong`;

function columnsArgument(list: string): string[] {
  try {
    return parseColumns(list, columnNames());
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function columnNames(): string[] {
  return loadSchema().columns.map(({ name }) => name);
}

async function flatten(files: string[], options: FlattenOptions, passes: Passes | undefined): Promise<void> {
  const paths = files.length > 0 ? files : [standardInput];
  const host = loadFilter(options);
  const sizes = await Promise.all(paths.map(logSize));
  if (paths.includes(standardInput) && process.stdin.isTTY && !options.quiet) {
    process.stderr.write("Reading log lines from the terminal: Ctrl-D ends them.\n");
  }
  const counts = noLines();
  const progress = options.quiet ? noProgress : progressFor(sizes);
  // Ctrl-C on a pipe that stays open ends the log and not what is made of it; a second one ends the command.
  if (paths.includes(standardInput)) process.once("SIGINT", endStandardInput);
  try {
    const rows = some(rowsOf(paths, host, counts, progress, passes), options);
    await pipeline(format(rows, options), process.stdout);
  } finally {
    progress.stop();
  }
  if (!options.quiet) report(counts);
}

function loadFilter({ wasm, function: functionName }: FlattenOptions): FilterHost {
  if (wasm === undefined) return new FilterHost(readFilterModule(), { functionName });
  try {
    return new FilterHost(readFileSync(wasm), { functionName });
  } catch (error) {
    throw new UserError(`cannot use ${wasm} as the filter: ${(error as Error).message}`, { cause: error });
  }
}

async function* rowsOf(
  paths: string[],
  host: FilterHost,
  counts: LineCounts,
  progress: Progress,
  passes: Passes | undefined,
): AsyncGenerator<Row> {
  for (const path of paths) {
    const bytes = openLog(path, (count) => progress.advance(count));
    yield* flattenLog({ name: logName(path), bytes }, host, counts, undefined, passes);
  }
}

/** The first or the last of the rows, where so many are asked for. */
async function* some(rows: AsyncGenerator<Row>, { first, last }: SelectorOptions): AsyncGenerator<Row> {
  const kept: Row[] = [];
  let count = 0;
  for await (const row of rows) {
    if (last === undefined) yield row;
    else kept[count % last] = row;
    count += 1;
    if (count === first) return;
  }
  const oldest = last === undefined ? 0 : count % last;
  yield* [
    ...(count > kept.length ? kept.slice(oldest) : []),
    ...kept.slice(0, count > kept.length ? oldest : undefined),
  ];
}

function format(rows: AsyncGenerator<Row>, options: FlattenOptions): AsyncGenerator<string> {
  switch (options.format) {
    case "json":
      return formatJsonLines(rows, options.columns);
    case "csv":
      return formatCsv(rows, options.columns ?? csvColumns(options.function), options);
    case "table": {
      const terminal = terminalOptions();
      const layout = options.columns ? columnsLayout(options.columns) : storyLayout(terminal.width);
      return formatWithEnding(rows, layout, terminal);
    }
  }
}

async function* formatWithEnding(
  rows: AsyncGenerator<Row>,
  layout: TableLayout,
  options: TableOptions,
): AsyncGenerator<string> {
  const findings = new FindingsCounter();
  yield* formatTable(counted(rows, findings), layout, options);
  yield* formatEnding(findings, options);
}

/** With `hubble_flows_keep`, lines that are no flows come back too, and have no column but their own key. */
function csvColumns(functionName: string): string[] {
  return functionName === "hubble_flows_keep" ? [...columnNames(), lineKey] : columnNames();
}

/** A bar only where every log's size is known, a person watches, and rows do not run through the same terminal. */
function progressFor(sizes: (number | undefined)[]): Progress {
  if (!process.stderr.isTTY || process.stdout.isTTY) return noProgress;
  let total = 0;
  for (const size of sizes) {
    if (size === undefined) return noProgress;
    total += size;
  }
  return progressBar(total);
}

function report(counts: LineCounts): void {
  process.stderr.write(`${summaryLine(counts)}\n`);
  const hint = noFlowsHint(counts);
  if (hint) process.stderr.write(`${hint}\n`);
}
