import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The directory of real lines that HUBBLE_CORPUS names, if it does. */
const directory = process.env.HUBBLE_CORPUS;

/**
 * The text of a file of the corpus, by its path from there.
 * @returns undefined, saying which tests that skips, without HUBBLE_CORPUS or without the file.
 */
export function corpusFile(path: string, tests: string): string | undefined {
  const file = directory && join(directory, path);
  if (!file || !existsSync(file)) {
    console.warn(file ? `No ${file}: ${tests} are skipped.` : `HUBBLE_CORPUS is not set: ${tests} are skipped.`);
    return undefined;
  }
  return readFileSync(file, "utf8");
}
