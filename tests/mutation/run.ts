import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import timers from "node:timers";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { packageFile } from "../../tools/package-file.js";
import { Random } from "../fuzz/random.js";
import { build, enumerateMutants, type Change } from "./mutants.js";

const usage = `npm run mutation -- [--sample N] [--seed S] [--file PATH[:LINE]]

Changes the filter's source in one place at a time, and says which changes no test notices.
  --sample N          how many of all changes (default 300)
  --seed S            the same seed takes the same ones (default 1)
  --quick             without the tests that take minutes: what survives may not, the score is a lower bound
  --file PATH[:LINE]  all changes of a file, or of a line, instead of a sample: assembly/flow/run.ts:50
`;

/** Where a mutant ends: a test fails, none does, none ends in time, it is no program, or it is the same program. */
type Outcome = "killed" | "survived" | "timeout" | "invalid" | "equivalent";

const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
    file: { type: "string" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const sample = Number(values.sample);
const seed = Number(values.seed);
if (values.help || !Number.isInteger(sample) || !Number.isInteger(seed)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}

/** The tests of the filter alone, for what the battery lets through: those first that find the most in the least time. */
const quickFiles = ["shortcuts", "keys.test", "utf8", "timestamp"];
const slowFiles = ["recall", "module.test", "golden", "rules", "properties", "fuzz/fuzz", "arena", "hostile.test"];
const files = values.quick ? quickFiles : [...quickFiles, ...slowFiles];
/** In the battery a mutant that takes so long runs in a circle. */
const BATTERY_LIMIT = 60_000;

const root = fileURLToPath(packageFile("."));
const folder = join(root, "build/mutation");
mkdirSync(folder, { recursive: true });

const unchanged = { quick: await build("quick"), release: await build("release") };
if (!unchanged.quick || !unchanged.release) throw new Error("the filter does not compile");
let battery = await startBattery();
let limit = 30 * 60_000;
const began = performance.now();
if ((await test(unchanged.quick)) !== "survived") throw new Error("the tests fail without a mutant");
// A loop that does not end holds up the test that meets it: nothing but the clock tells.
limit = 60_000 + 4 * (performance.now() - began);

const all = await enumerateMutants();
const changes = values.file === undefined ? pick(all, sample) : all.filter(isWanted(values.file));
console.log(`${changes.length} of ${all.length} mutants, seed ${seed}`);
const counts: Record<Outcome, number> = { killed: 0, survived: 0, timeout: 0, invalid: 0, equivalent: 0 };
const results = [];
for (const change of changes) {
  const outcome = await outcomeOf(change);
  counts[outcome]++;
  const { file, line, original, replacement } = change;
  results.push({ outcome, file, line, original, replacement });
  if (outcome === "survived") console.log(`${file}:${line}: ${brief(original)} → ${brief(replacement)}`);
}
battery.kill();
writeFileSync(join(folder, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
const found = counts.killed + counts.timeout;
const score = (100 * found) / (found + counts.survived);
console.log(
  `score ${score.toFixed(1)} %: ${counts.killed} killed, ${counts.timeout} timed out, ${counts.survived} survived; ` +
    `${counts.equivalent} compile to the same bytes, ${counts.invalid} do not compile`,
);

async function outcomeOf(change: Change): Promise<Outcome> {
  const quick = await build("quick", change);
  if (!quick) return "invalid";
  if (isSame(quick, unchanged.quick!)) return "equivalent";
  const outcome = await askBattery(quick);
  if (outcome !== "survived") return outcome;
  // The better optimizer finds more changes that are none, and takes longer than the battery.
  if (isSame((await build("release", change))!, unchanged.release!)) return "equivalent";
  return test(quick);
}

/** A process of battery.ts that knows the filter. */
async function startBattery(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL("battery.ts", import.meta.url)), { serialization: "advanced" });
  child.send(unchanged.quick!);
  await once(child, "message");
  return child;
}

async function askBattery(wasm: Uint8Array): Promise<Outcome> {
  battery.send(wasm);
  const clock = new AbortController();
  const answer = await Promise.race([
    once(battery, "message", clock) as Promise<[boolean]>,
    once(battery, "exit", clock).then(() => "killed" as const),
    setTimeout(BATTERY_LIMIT, "timeout" as const, clock),
  ]);
  clock.abort();
  if (typeof answer !== "string") return answer[0] ? "killed" : "survived";
  battery.kill("SIGKILL");
  battery = await startBattery();
  return answer;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** Runs tests of the filter on a build of it, up to the first that fails. */
async function test(wasm: Uint8Array): Promise<Outcome> {
  const report = join(folder, "vitest.json");
  writeFileSync(join(folder, "filter.wasm"), wasm);
  rmSync(report, { force: true });
  const args = ["node_modules/vitest/vitest.mjs", "run", "--config", "tests/mutation/vitest.config.ts", ...files];
  const env = { ...process.env, FILTER_MODULE: "build/mutation/filter.wasm", PROPERTY_SEED: "1" };
  // A group of its own, so that vitest's workers end with it.
  const child = spawn(process.execPath, args, { cwd: root, env, detached: true, stdio: "ignore" });
  const timer = timers.setTimeout(() => process.kill(-child.pid!, "SIGKILL"), limit);
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  clearTimeout(timer);
  if (signal) return "timeout";
  if (code === 0) return "survived";
  const { numFailedTests = 0, numFailedTestSuites = 0 } = JSON.parse(readFileSync(report, "utf8")) as Record<
    string,
    number
  >;
  if (numFailedTests + numFailedTestSuites === 0) throw new Error(`vitest failed and no test did: see ${report}`);
  return "killed";
}

/** So many changes, chosen by the seed, in the order of the source. */
function pick(changes: Change[], count: number): Change[] {
  const random = new Random(seed);
  const rest = [...changes];
  const picked = new Set<Change>();
  while (rest.length > 0 && picked.size < count) picked.add(rest.splice(random.below(rest.length), 1)[0]!);
  return changes.filter((change) => picked.has(change));
}

function isWanted(place: string): (change: Change) => boolean {
  const [file, line] = place.split(":");
  return (change) => change.file === file && (line === undefined || change.line === Number(line));
}

function brief(code: string): string {
  const line = code.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
