import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Compatibility } from "../../tools/generate/compatibility-markdown.js";
import { findFluentBit } from "../support/fluent-bit.js";
import { observeHosting, observeLevels, observeLoadsAot } from "./observe.js";

const usage = `npm run compatibility -- FLUENT_BIT...

Runs the end-to-end tests on each of the given Fluent Bits, finds out how each runs a module, holds the rows of one
against the others', and writes tests/compatibility/results.json. \`npm run generate\` makes docs/filter.md's table of it.
Needs build/hubble-adx.wasm and the AOT object beside it (npm run build:aot). Fails where a test fails or a row differs.
`;

const { values, positionals } = parseArgs({
  options: { help: { type: "boolean", default: false } },
  allowPositionals: true,
});
if (values.help || positionals.length === 0) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const module = join(root, "build/hubble-adx.wasm");
const object = join(root, `build/hubble-adx.${process.arch === "arm64" ? "aarch64" : "x86_64"}.aot`);
for (const file of [module, object]) {
  if (existsSync(file)) continue;
  console.error(`${file} is missing: run "npm run build" and "npm run build:aot".`);
  process.exit(2);
}

/** The WASM Micro Runtime in Fluent Bit's sources, by the first version that has it. */
const runtimes: [since: string, wamr: string][] = [
  ["4.1.0", "2.4.1"],
  ["4.0.0", "1.3.3"],
  ["3.2.2", "1.3.0"],
];

interface TestResults {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { fullName: string; meta: { rows?: string[] } }[] }[];
}

/** Runs the end-to-end tests on the Fluent Bit at `path`. */
function runTests(path: string): TestResults {
  const directory = mkdtempSync(join(tmpdir(), "hubble-adx-compatibility-"));
  try {
    const file = join(directory, "results.json");
    spawnSync(
      "npx",
      ["vitest", "run", "tests/end-to-end.test.ts", "--reporter=default", "--reporter=json", `--outputFile=${file}`],
      { cwd: root, env: { ...process.env, FLUENT_BIT: path }, stdio: "inherit" },
    );
    return JSON.parse(readFileSync(file, "utf8")) as TestResults;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The rows of each test, by its name without the version. */
function rowsOf({ testResults }: TestResults, version: string): Map<string, string[]> {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Map(
    tests.flatMap(({ fullName, meta }) => (meta.rows ? [[fullName.replace(version, ""), meta.rows] as const] : [])),
  );
}

/** How many of `rows` there are, and how many of them are not among `others`, each of those taken once. */
function compareRows(rows: Map<string, string[]>, others: Map<string, string[]>): { count: number; different: number } {
  let count = 0;
  let different = 0;
  for (const [test, hashes] of rows) {
    const left = [...(others.get(test) ?? [])];
    for (const hash of hashes) {
      count++;
      const index = left.indexOf(hash);
      if (index < 0) different++;
      else left.splice(index, 1);
    }
  }
  return { count, different };
}

const compareVersions = (one: string, other: string): number => one.localeCompare(other, "en", { numeric: true });

const runs: { version: string; rows: Map<string, string[]>; observed: Omit<Compatibility, "version" | "rows"> }[] = [];
for (const path of positionals) {
  process.env.FLUENT_BIT = path;
  const fluentBit = findFluentBit()!;
  const { version } = fluentBit;
  console.log(`Fluent Bit ${version}`);
  const observed = {
    wamr: runtimes.find(([since]) => compareVersions(version, since) >= 0)?.[1] ?? "unknown",
    ...(await observeHosting(fluentBit)),
    loadsAot: await observeLoadsAot(fluentBit, object),
    levels: await observeLevels(fluentBit, module),
  };
  const tests = runTests(path);
  runs.push({
    version,
    rows: rowsOf(tests, version),
    observed: { ...observed, tests: { passed: tests.numPassedTests, failed: tests.numFailedTests } },
  });
}

// The newest loads the module in all its forms and carries every line.
runs.sort((one, other) => compareVersions(one.version, other.version));
const newest = runs.at(-1)!;
const versions = runs.map(({ version, rows, observed }): Compatibility => ({
  version,
  ...observed,
  rows: compareRows(rows, newest.rows),
}));
const sha256 = createHash("sha256").update(readFileSync(module)).digest("hex");
const file = join(root, "tests/compatibility/results.json");
writeFileSync(file, `${JSON.stringify({ module: sha256, versions }, null, 2)}\n`);
console.log(`wrote ${file}: npm run generate makes docs/filter.md's table of it`);
console.table(
  versions.map(({ tests, rows, ...rest }) => ({ ...rest, ...tests, rows: rows.count, different: rows.different })),
);
if (versions.some(({ tests, rows }) => tests.failed > 0 || tests.passed === 0 || rows.different > 0)) {
  process.exitCode = 1;
}
