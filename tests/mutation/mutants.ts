import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../tools/package-file.js";
import { main } from "../support/asc.js";
import { Instrumenter, type Mutant } from "./instrumenter.js";

const root = fileURLToPath(packageFile("."));

/** A change to one place of the filter's source. */
export interface Change {
  /** The source's path in the package. */
  file: string;
  /** Counted from 1. */
  line: number;
  original: string;
  replacement: string;
  /** The whole source with the change. */
  source: string;
}

/** All mutants that StrykerJS knows for the filter's sources. What is generated is data, and left out. */
export async function enumerateMutants(): Promise<Change[]> {
  const files = readdirSync(new URL("assembly/", packageFile(".")), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith("tables.ts"))
    .sort()
    .map((name) => ({ name: `assembly/${name}`, content: readFileSync(packageFile(`assembly/${name}`), "utf8") }));
  const sources = new Map(files.map(({ name, content }) => [name, content]));
  const none = () => {};
  const instrumenter = new Instrumenter({ debug: none, info: none, warn: none, isDebugEnabled: () => false });
  const { mutants } = await instrumenter.instrument(
    // Babel knows no decorators of functions; as many blanks keep every place.
    files.map(({ name, content }) => ({ name, mutate: true, content: content.replace(/^@inline$/gm, "       ") })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  return mutants.map((mutant) => changeOf(mutant, sources.get(mutant.fileName)!));
}

function changeOf({ fileName, replacement, location: { start, end } }: Mutant, source: string): Change {
  const lines = source.split("\n");
  const offset = (line: number, column: number) => lines.slice(0, line).join("\n").length + (line ? 1 : 0) + column;
  const from = offset(start.line, start.column);
  const to = offset(end.line, end.column);
  return {
    file: fileName,
    line: start.line + 1,
    original: source.slice(from, to),
    replacement,
    source: source.slice(0, from) + replacement + source.slice(to),
  };
}

/** `release` is what `npm run build:wasm` makes, `quick` is there in a third of the time. */
const optimizations = { release: [], quick: ["--optimizeLevel", "1", "--shrinkLevel", "0"] };

/**
 * Builds the filter.
 * @param change one that the sources on the disk lack.
 * @returns undefined where the compiler refuses the change.
 */
export async function build(
  optimization: keyof typeof optimizations,
  change?: Change,
): Promise<Uint8Array | undefined> {
  let wasm: Uint8Array | undefined;
  const { error } = await main(["assembly/index.ts", "--target", "release", ...optimizations[optimization]], {
    readFile: (name) => (name === change?.file ? change.source : readText(name)),
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm") && typeof contents !== "string") wasm = contents;
    },
    listFiles: () => [],
    stderr: { write: () => {} },
  });
  return error ? undefined : wasm;
}

function readText(name: string): string | null {
  try {
    return readFileSync(name.startsWith("/") ? name : root + name, "utf8");
  } catch {
    return null;
  }
}
