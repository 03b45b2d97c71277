import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** The command line as built. */
export const cli = fileURLToPath(new URL("../../build/tools/cli.js", import.meta.url));

/** What a run of the command line came to. */
export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  input?: Readable | string | undefined;
  node?: string[];
  env?: NodeJS.ProcessEnv;
  /** Closes the reading end of standard output after the first chunk. */
  closesEarly?: boolean;
  /** Sends SIGINT, as Ctrl-C does, after the first chunk of standard output. */
  interrupts?: boolean;
}

/** Runs `hubble-adx`, as built. */
export async function run(
  args: string[],
  { input = "", node = [], env = {}, closesEarly, interrupts }: RunOptions = {},
): Promise<Run> {
  const child = spawn(process.execPath, [...node, cli, ...args], { env: { ...process.env, COLUMNS: "", ...env } });
  const result: Run = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    result.stdout += chunk;
    if (closesEarly) child.stdout.destroy();
    if (interrupts && result.stdout === chunk) child.kill("SIGINT");
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (result.stderr += chunk));
  child.stdin.on("error", () => {});
  (typeof input === "string" ? Readable.from([input]) : input).pipe(child.stdin);
  result.code = await new Promise((resolve) => child.on("close", resolve));
  return result;
}
