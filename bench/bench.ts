import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { positiveInteger } from "./arguments.js";
import { measureEmbedded } from "./embedded.js";
import { findFluentBit, type FluentBit } from "../tests/support/fluent-bit.js";
import {
  flowsOfNewPods,
  flowsOfSize,
  inputNames,
  lineSources,
  writeLogFile,
  type LineSource,
} from "./input/log-file.js";
import { measureKql } from "./kql.js";
import { measure, type Cost } from "./measure.js";
import { PEER, RECOMMENDED, pipelines, type NamedPipeline } from "./pipelines.js";
import { costTable, embeddedTable, kqlTable, seriesTable, threadsTable } from "./report.js";
import { checkSameRows } from "./rows.js";
import { measureThreads } from "./threads.js";

interface Options {
  rounds: number;
  quick: boolean;
  json: boolean;
  only?: string[];
  threads: boolean;
  series: boolean;
  kql: boolean;
  onlyKql: boolean;
}

const SIZES = [512, 2048, 8192];
/** The pipelines whose cost by size and count is shown. */
const SERIES_PIPELINES = ["wasm", "parser+wasm", PEER, "aot"];
const THREADS_PIPELINES = ["wasm", "aot", PEER];
/** Enough that the start of the process does not show. */
const THREADS_RECORDS = 50_000;

const program = new Command("npm run bench --")
  .description(
    "Measures what a record costs in Fluent Bit (FLUENT_BIT, else fluent-bit on PATH): CPU time of the whole process " +
      "above the same tail input without filters. Without a Fluent Bit it measures the module under V8.",
  )
  .option("--rounds <count>", "how often each pipeline runs", positiveInteger, 5)
  .option("--quick", "a fifth of the records and one round: shows that everything runs, no more", false)
  .option("--only <pipelines...>", "run only these pipelines (and LuaJIT, which they are compared with)")
  .option("--no-series", "leave out the cost by flow size and by record count")
  .option("--threads", "measure the throughput of threads and processes instead", false)
  .option("--no-kql", "leave out what KQL on the embedded engine takes")
  .option("--only-kql", "measure nothing but that", false)
  .option("--json", "print the results as JSON", false)
  .addHelpText(
    "after",
    "\nHUBBLE_CORPUS names a directory with flows.ndjson and nonflow.txt whose lines are read instead.",
  );
const options = program.parse().opts<Options>();
const rounds = options.quick ? 1 : options.rounds;
const log = (text: string) => (options.json ? process.stderr : process.stdout).write(`${text}\n`);
const corpus = process.env.HUBBLE_CORPUS;
const sources = lineSources(corpus);

const fluentBit = findFluentBit();
const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? process.arch}, Node ${process.version}`;
log(`${fluentBit ? `Fluent Bit ${fluentBit.version}` : "no Fluent Bit"} on ${machine}`);
log(`input: ${corpus ? `the lines of ${corpus}` : "the bench's own lines"}`);

const results: Record<string, unknown> = {
  date: new Date().toISOString(),
  machine,
  fluentBit: fluentBit?.version,
  rounds,
};
if (options.onlyKql) {
  withDirectory(benchKql);
} else if (fluentBit) {
  await withDirectory((directory) => benchFluentBit(fluentBit, directory));
  if (options.kql && !options.only && !options.threads) withDirectory(benchKql);
} else {
  log("\nNo Fluent Bit found: put it on PATH or name it in FLUENT_BIT. What follows is the module under V8, which");
  log("compiles it, without Fluent Bit's JSON: it says nothing of the interpreter that Fluent Bit runs.");
  const costs = measureEmbedded(sources, rounds);
  results.embedded = costs;
  log(embeddedTable(costs));
  if (options.kql) withDirectory(benchKql);
}
if (options.json) console.log(JSON.stringify(results, null, 2));

function withDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "hubble-adx-bench-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const result = use(directory);
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

/** What is promised on two cores: 100,000 flows within 8 s, a million within 60 s and 1.5 GB, a function within 2 s. */
function benchKql(directory: string): void {
  const counts = options.quick ? [10_000] : [100_000, 1_000_000];
  const costs = counts.map((count) => measureKql(count, sources.flows, directory));
  results.kql = costs;
  log("\nKQL on the embedded engine, by number of flows in the log");
  log(kqlTable(costs));
}

async function benchFluentBit(fluentBit: FluentBit, directory: string): Promise<void> {
  const all = pipelines((what) => log(`left out: ${what}`));
  const chosen = choose(all, options.only);
  const input = join(directory, "input.log");

  const write = (records: number, source: LineSource) => {
    const meanLength = writeLogFile(input, records, source);
    return { input, records, rounds, directory, meanLength };
  };

  const wanted = all.find(({ name }) => name === "wasm")!;
  for (const name of inputNames) {
    write(2_000, sources[name]);
    for (const pipeline of chosen) {
      if (!pipeline.makesRows || pipeline === wanted) continue;
      const rows = await checkSameRows(fluentBit, pipeline, wanted, input, directory);
      log(`${name}: the ${rows} rows of ${pipeline.name} equal those of ${wanted.name}`);
    }
  }

  if (options.threads) {
    const given = write(scaled(THREADS_RECORDS), sources.flows);
    const measured = THREADS_PIPELINES.flatMap((name) => chosen.filter((pipeline) => pipeline.name === name));
    const throughputs = await measureThreads(fluentBit, measured, given, progress);
    results.threads = throughputs;
    log(`\nThe filter as a processor of its inputs, ${given.records} flows each`);
    log(threadsTable(throughputs));
    return;
  }

  const costs: Record<string, Cost[]> = {};
  for (const name of inputNames) {
    const given = write(scaled(name === "others" ? 200_000 : 30_000), sources[name]);
    costs[name] = await measure(fluentBit, chosen, given, progress);
    log(`\n${name}: ${given.records} records of ${Math.round(given.meanLength)} bytes on average, ${rounds} rounds`);
    log(costTable(costs[name], chosen));
  }
  results.inputs = costs;
  log(verdicts(costs, chosen));
  if (!options.series) return;

  const seriesPipelines = chosen.filter(({ name }) => SERIES_PIPELINES.includes(name));
  const given = write(scaled(30_000), flowsOfNewPods);
  const ofNewPods = await measure(fluentBit, seriesPipelines, given, progress);
  results.newPods = ofNewPods;
  log("\nby how much of a flow repeats");
  log(seriesTable(["new pods in each flow"], [ofNewPods]));

  const bySize: Cost[][] = [];
  for (const size of SIZES) {
    const given = write(scaled(size > 4096 ? 10_000 : 30_000), flowsOfSize(size));
    bySize.push(await measure(fluentBit, seriesPipelines, given, progress));
  }
  results.bySize = Object.fromEntries(SIZES.map((size, index) => [size, bySize[index]]));
  log("\nby size of the flow");
  log(
    seriesTable(
      SIZES.map((size) => `${size / 1024} KB`),
      bySize,
    ),
  );

  const counts = options.quick ? [2_000, 20_000] : [10_000, 100_000, 1_000_000];
  const byCount: Cost[][] = [];
  for (const count of counts) {
    const given = { ...write(count, sources.flows), rounds: count > 100_000 ? 1 : rounds };
    byCount.push(await measure(fluentBit, seriesPipelines, given, progress));
  }
  results.byCount = Object.fromEntries(counts.map((count, index) => [count, byCount[index]]));
  log("\nby number of records, with the most memory that the process held");
  log(
    seriesTable(
      counts.map((count) => count.toLocaleString("en")),
      byCount,
    ),
  );
}

/** The targets of the plain module, of its two pipelines and of lines that are no flows, against what was measured. */
function verdicts(costs: Record<string, Cost[]>, chosen: readonly NamedPipeline[]): string {
  const ratio = (input: string, pipeline: string) => {
    const of = costs[input]!.find((cost) => cost.pipeline === pipeline);
    const peer = costs[input]!.find((cost) => cost.pipeline === PEER);
    return of && peer && of.microseconds / peer.microseconds;
  };
  const [better, worse] = [ratio("flows", "wasm"), ratio("flows", "parser+wasm")].sort();
  const targets: [string, number | undefined, number][] = [
    ["the plain .wasm, the better of its two pipelines", better, 0.9],
    ["the plain .wasm, the other one", worse, 1.25],
  ];
  for (const { name, description, target } of chosen)
    if (target) targets.push([description, ratio("flows", name), target]);
  targets.push(["lines that are no flows, in the shipped pipeline", ratio("others", RECOMMENDED), 1.1]);
  return targets
    .filter(([, measured]) => measured !== undefined)
    .map(
      ([what, measured, most]) =>
        `${measured! <= most ? "ok  " : "MISS"} ${what}: ${measured!.toFixed(2)} × LuaJIT (at most ${most})`,
    )
    .join("\n");
}

function choose(all: NamedPipeline[], names: string[] | undefined): NamedPipeline[] {
  if (!names) return all.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length) program.error(`error: no pipeline ${unknown.join(", ")} here; there are ${known.join(", ")}`);
  return all.filter(({ name }) => name === PEER || names.includes(name));
}

function scaled(records: number): number {
  return options.quick ? records / 5 : records;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
