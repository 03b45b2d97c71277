import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { findFluentBit, jsonLines } from "./support/fluent-bit.js";
import { filterModule } from "./support/modules.js";

const fluentBit = findFluentBit();
/** Versions that load the module anew for each chunk run on without it, and let records through as they came. */
const loadsForEachChunk = /^(3\.|4\.0\.)/.test(fluentBit?.version ?? "");

/** What may stand where the filter should be. */
const modules = {
  sound: filterModule(),
  "cut off": filterModule().subarray(0, 10_000),
  "another kind of file": Buffer.from("#!/bin/sh\n"),
};

/** What Fluent Bit says of a module that it cannot load. */
const refusals: [kind: keyof typeof modules, message: RegExp][] = [
  ["cut off", /WASM module load failed: unexpected end/],
  ["another kind of file", /WASM bytecode or AOT object is expected but other file format/],
];

let directory: string;
let moduleFile: string;
let child: ChildProcess | undefined;
let output: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "hubble-adx-module-"));
  moduleFile = join(directory, "hubble-adx.wasm");
  output = "";
});

afterEach(async () => {
  if (child && !hasEnded()) {
    child.kill("SIGKILL");
    await until("the end", hasEnded);
  }
  rmSync(directory, { recursive: true });
});

/** Puts a module in place as a deployment should: complete, by a rename. */
function place(kind: keyof typeof modules): void {
  writeFileSync(`${moduleFile}.new`, modules[kind]);
  renameSync(`${moduleFile}.new`, moduleFile);
}

function start(functionName = "hubble_flows"): void {
  writeFileSync(join(directory, "input.log"), "");
  const configuration = {
    service: { flush: 0.2, grace: 2, log_level: "info", hot_reload: "on" },
    pipeline: {
      inputs: [
        { name: "tail", path: join(directory, "input.log"), db: join(directory, "tail.db"), read_from_head: true },
      ],
      filters: [{ name: "wasm", match: "*", wasm_path: moduleFile, function_name: functionName }],
      outputs: [{ name: "stdout", match: "*", format: "json_lines" }],
    },
  };
  const file = join(directory, "fluent-bit.yaml");
  writeFileSync(file, stringify(configuration));
  child = spawn(fluentBit!.path, ["-c", file], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout!, child.stderr!]) stream.on("data", (data: Buffer) => (output += data.toString()));
}

const hasEnded = (): boolean => child!.exitCode !== null || child!.signalCode !== null;
const records = (): Record<string, unknown>[] => jsonLines(output);
const hasRow = (uuid: string): boolean => records().some(({ UUID }) => UUID === uuid);

const flowLine = (uuid: string): string => JSON.stringify({ flow: { uuid } });

function append(uuid: string): void {
  appendFileSync(join(directory, "input.log"), `${flowLine(uuid)}\n`);
}

const untilUnfiltered = (uuid: string): Promise<void> =>
  until("a record that nobody has filtered", () => records().some(({ log }) => log === flowLine(uuid)));

async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !isTrue(); await sleep(50)) {
    if (Date.now() > end) throw new Error(`${what}: not after 20 s\n${output}`);
  }
}

describe.skipIf(!fluentBit)(`the module's file, on Fluent Bit ${fluentBit?.version}`, () => {
  describe("at the start", () => {
    test("missing: ends and names it", async () => {
      start();
      await until("the end", hasEnded);
      expect(child!.exitCode).toBe(255);
      // Not all say which file.
      expect(output).toContain(loadsForEachChunk ? "[error] Failed pre_run callback on filter wasm.0" : moduleFile);
      expect(output).toContain("filter initialization failed");
    });

    test.each(refusals)("%s: says so", async (kind, message) => {
      place(kind);
      start();
      append("a flow");
      await until("a message", () => message.test(output));
      if (loadsForEachChunk) return untilUnfiltered("a flow");
      await until("the end", hasEnded);
      expect(child!.exitCode).toBe(255);
    });

    test("a misspelt function: says so for every record, and loses it", async () => {
      place("sound");
      start("hubble_flow");
      append("one");
      append("two");
      await until("messages", () => (output.match(/The hubble_flow wasm function is not found/g) ?? []).length >= 2);
      await sleep(1000);
      expect(records()).toEqual([]);
      expect(hasEnded()).toBe(false);
    });
  });

  describe("at a reload", () => {
    beforeEach(async () => {
      place("sound");
      start();
      append("before");
      await until("the first row", () => hasRow("before"));
    });

    test("sound: rows go on, none is lost or doubled", async () => {
      const rows = Array.from({ length: 100 }, (_, index) => `row-${index}`);
      for (const [index, uuid] of rows.entries()) {
        append(uuid);
        if (index === 50) {
          place("sound");
          child!.kill("SIGHUP");
        }
        await sleep(20);
      }
      await until("the last row", () => hasRow("row-99"));
      expect(output).toContain("[reload] start everything");
      expect(records().map(({ UUID }) => UUID)).toEqual(["before", ...rows]);
    });

    test("missing: the old pipeline goes on, with what it has loaded", async () => {
      rmSync(moduleFile);
      child!.kill("SIGHUP");
      await until("a message", () => output.includes("Reloading is halted"));
      append("after");
      if (loadsForEachChunk) return untilUnfiltered("after");
      await until("a row", () => hasRow("after"));
    });

    test.each(refusals)("%s: says so", async (kind, message) => {
      place(kind);
      child!.kill("SIGHUP");
      await until("the reload", () => output.includes("[reload] start everything"));
      append("a flow");
      await until("a message", () => message.test(output));
      if (loadsForEachChunk) return untilUnfiltered("a flow");
      await until("the end", hasEnded);
      expect(output).toContain("Reloading is aborted");
    });
  });
});
