import { readFileSync } from "node:fs";
import { packageFile } from "../../tools/package-file.js";

/** What becomes of an input in every function: tests/fixtures/hostile says what each verdict means. */
export type Verdict = "row" | "unreadable" | "dropped" | "refused";

export interface HostileInput {
  name: string;
  verdict: Verdict;
  bytes: Buffer;
}

/**
 * Reads the inputs of a file of tests/fixtures/hostile.
 * @throws Error naming the file and the line that is not written as it says.
 */
export function hostileInputs(file: string): HostileInput[] {
  const lines = readFileSync(packageFile(`tests/fixtures/hostile/${file}`), "utf8").split("\n");
  return lines.flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const [, name, verdict, text = ""] = /^((row|unreadable|dropped|refused)_\w+)(?: (.*))?$/.exec(line) ?? [];
    if (name === undefined)
      throw new Error(`${file}:${index + 1}: not a verdict and a name, a space and bytes: ${line}`);
    return [{ name, verdict: verdict as Verdict, bytes: bytesOf(text) }];
  });
}

/** The record of a line of a log, escaped as Fluent Bit escapes it: bytes outside ASCII as they are. */
export function recordOfText(text: Uint8Array): Buffer {
  const escaped = Buffer.from(text).toString("latin1").replace(/["\\]/g, "\\$&");
  const controlled = escaped.replace(
    // eslint-disable-next-line no-control-regex
    /[\x00-\x1f]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return Buffer.from(`{"log":"${controlled}"}`, "latin1");
}

/** `\xNN` is the byte NN, everything else its UTF-8. */
function bytesOf(text: string): Buffer {
  const parts = text.split(/\\x([0-9a-f]{2})/);
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 ? "hex" : "utf8")));
}
