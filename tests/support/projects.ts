import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Searches and repetitions that take seconds, of which no import tells. */
const long = [
  "arena",
  "corpus",
  "flow-filter",
  "fuzz/fuzz",
  "fuzz/hostile-lines",
  "host",
  "hostile",
  "policy/properties",
  "properties",
  "recall",
].map((name) => `tests/${name}.test.ts`);

/** Processes, KQL and browsers. */
const heavy = /^node:child_process$|^playwright-core$|tools\/kusto\/(check|database|engine|language)\.js$/;

/**
 * The test files that `npm run test:unit` runs, and the others, the long ones apart. A file is a unit's where neither it nor what it imports of
 * `tests/` starts a process or runs KQL, and it is not named above.
 * @throws Error where a file that is named above is not there.
 */
export function testFiles(): { unit: string[]; whole: string[]; long: string[] } {
  const gone = long.filter((file) => !existsSync(file));
  if (gone.length > 0) throw new Error(`tests/support/projects.ts names ${gone.join(", ")}, which is not there`);
  const files = readdirSync("tests", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("tests", file));
  const isHeavy = heavyFiles();
  const short = files.filter((file) => !long.includes(file));
  return { unit: short.filter((file) => !isHeavy(file)), whole: short.filter(isHeavy), long };
}

/** Tells of a file whether it or what it imports is heavy, each file read once. */
function heavyFiles(): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const isHeavy = (file: string): boolean => {
    const told = known.get(file);
    if (told !== undefined) return told;
    known.set(file, false);
    const found = importsOf(file).some((name) => heavy.test(name) || (isOfTests(name) && isHeavy(name)));
    known.set(file, found);
    return found;
  };
  return isHeavy;
}

const isOfTests = (name: string) => name.startsWith("tests/");

/** What a file imports when it runs; relative names from the root, `.ts` in `tests/`. */
function importsOf(file: string): string[] {
  const names = [...readFileSync(file, "utf8").matchAll(/^(?:import (?!type )|\} from|export \{)[^;]*?"([^"]+)";$/gm)];
  return names.map(([, name]) => {
    if (!name!.startsWith(".")) return name!;
    const path = join(dirname(file), name!);
    return isOfTests(path) ? path.replace(/\.js$/, ".ts") : path;
  });
}
