import { Console } from "node:console";
import { Readable, Writable } from "node:stream";
import { runCommandLine } from "../../tools/command-line.js";
import { Database } from "../../tools/kusto/database.js";
import type { Run } from "./cli.js";
import { hubbleDatabase } from "./engine.js";

export interface CommandOptions {
  input?: string | Buffer;
  env?: NodeJS.ProcessEnv;
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `hubble-adx` within this process, one run after the other: its start takes a third of a second, with KQL two. What
 * hangs on the process itself, such as signals, pipes that close and `explain -`, needs `run` of `cli.ts`.
 */
export function command(args: string[], options: CommandOptions = {}): Promise<Run> {
  const result = last.then(() => runHere(args, options));
  last = result.catch(() => {});
  return result;
}

async function runHere(args: string[], { input = "", env = {} }: CommandOptions): Promise<Run> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const signals = process.listeners("SIGINT");
  const restore = replaceAll([
    [process, "stdin", Readable.from([Buffer.from(input)], { objectMode: false })],
    [process, "stdout", stdout],
    [process, "stderr", stderr],
    [process, "argv", [process.execPath, "hubble-adx", ...args]],
    [process, "env", { ...process.env, COLUMNS: "", ...env }],
    [globalThis, "console", new Console(stdout, stderr)],
    [Database, "hubble", hubbleDatabase],
  ]);
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  try {
    await runCommandLine();
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text, stderr: stderr.text };
  } finally {
    restore();
    process.exitCode = exitCode;
    for (const listener of process.listeners("SIGINT")) {
      if (!signals.includes(listener)) process.off("SIGINT", listener);
    }
  }
}

/** Gives members of objects other values. @returns what gives them back what they had. */
function replaceAll(replacements: [object, string, unknown][]): () => void {
  const before = replacements.map(([object, name]) => [object, name, Object.getOwnPropertyDescriptor(object, name)!]);
  for (const [object, name, value] of replacements) {
    Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: true });
  }
  return () => {
    for (const [object, name, descriptor] of before as [object, string, PropertyDescriptor][]) {
      Object.defineProperty(object, name, descriptor);
    }
  };
}

/** Keeps what is written as text. */
class Sink extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
