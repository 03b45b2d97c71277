import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";

export interface FluentBit {
  path: string;
  /** `5.1.1`. */
  version: string;
}

/** The Fluent Bit named by FLUENT_BIT, else the one on PATH, else undefined. */
export function findFluentBit(): FluentBit | undefined {
  const path = process.env.FLUENT_BIT ?? "fluent-bit";
  const { status, stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  const version = /v(\d+\.\d+\.\d+)/.exec(stdout ?? "")?.[1];
  if (status !== 0 || !version) {
    if (process.env.FLUENT_BIT) throw new Error(`FLUENT_BIT names ${path}, which is no Fluent Bit`);
    return undefined;
  }
  return { path, version };
}

/** A plugin's properties, as in Fluent Bit's YAML configuration. */
export type Plugin = Record<string, unknown> & { name: string };

export interface Pipeline {
  /** Further properties of the service. */
  service?: Record<string, unknown>;
  /** The text of the file that the tail input reads. */
  input: string | Buffer;
  /** Further properties of the tail input. */
  tail?: Record<string, unknown>;
  parsers?: Plugin[];
  filters?: Plugin[];
  /** Milliseconds after which Fluent Bit is killed. */
  timeout?: number;
}

/**
 * Room for outputs to write what nests deep. With the default of Fluent Bit 4, 24 KiB, they crash at random from 28 levels
 * on; Fluent Bit 5 has 64 KiB.
 */
export const deepStack = { coro_stack_size: 128 * 1024 };

export interface Run {
  /** The records that came out, each with Fluent Bit's timestamp under `@time`. */
  records: Record<string, unknown>[];
  /** What Fluent Bit logged. */
  log: string;
}

/** The CRI log format as a regex parser, in the form Fluent Bit's documentation and Microsoft's examples use. */
export const criRegexParser: Plugin = {
  name: "cri_regex",
  format: "regex",
  regex: "^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>[^ ]*) (?<message>.*)$",
  time_key: "time",
  time_format: "%Y-%m-%dT%H:%M:%S.%L%z",
  time_keep: true,
};

export const jsonParser: Plugin = { name: "json", format: "json" };

/**
 * Runs a pipeline over a file to its end and returns what came out.
 * @throws Error with Fluent Bit's log when it does not end with status 0.
 */
export async function runPipeline(fluentBit: FluentBit, pipeline: Pipeline): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), "hubble-adx-"));
  try {
    const input = join(directory, "input.log");
    writeFileSync(input, pipeline.input);
    const configuration = {
      service: { flush: 0.2, grace: 30, log_level: "info", ...pipeline.service },
      parsers: pipeline.parsers ?? [],
      pipeline: {
        inputs: [
          {
            name: "tail",
            path: input,
            read_from_head: true,
            exit_on_eof: true,
            buffer_chunk_size: "1M",
            buffer_max_size: "64M",
            ...pipeline.tail,
          },
        ],
        ...(pipeline.filters?.length ? { filters: pipeline.filters.map((filter) => ({ match: "*", ...filter })) } : {}),
        outputs: [
          { name: "stdout", match: "*", format: "json_lines", json_date_key: "@time", json_date_format: "iso8601" },
        ],
      },
    };
    const file = join(directory, "fluent-bit.yaml");
    writeFileSync(file, stringify(configuration));
    const { stdout, log } = await run(
      fluentBit.path,
      ["-c", file],
      pipeline.timeout ? { timeout: pipeline.timeout } : {},
    );
    return { records: jsonLines(stdout), log };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Runs Fluent Bit until it ends, or for `timeout` milliseconds. */
export async function run(
  path: string,
  args: string[],
  options: { cwd?: string; timeout?: number } = {},
): Promise<{ stdout: string; log: string }> {
  // One that hangs does not answer SIGTERM either.
  const child = spawn(path, args, {
    timeout: 600_000,
    ...options,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => stdout.push(data));
  child.stderr.on("data", (data: Buffer) => stderr.push(data));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const log = Buffer.concat(stderr).toString();
  if (status !== 0) throw new Error(`${path} ended with status ${status}:\n${log}`);
  return { stdout: Buffer.concat(stdout).toString(), log };
}

/** The records among the lines that Fluent Bit printed: it greets on the same stream. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
