import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { FlowsState } from "../../tools/serve/live-flows.js";

const sample = "fluent-bit/sample/cilium-agent.log";
const folder = mkdtempSync(join(tmpdir(), "serve-"));
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function serve(args: string[]) {
  const child = spawn(process.execPath, ["build/tools/cli.js", "serve", "--port", "0", ...args]);
  started.push(child);
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${errors}`)));
  });
  const state = async () => (await (await fetch(`${address}api/state`)).json()) as FlowsState;
  return { child, state, errors: () => errors };
}

const exitOf = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));

test("a pipe that stays open: rows show within moments, and Ctrl-C ends it", async () => {
  const { child, state } = await serve(["-"]);
  child.stdin.write(readFileSync(sample));
  await expect.poll(async () => (await state()).rows, { timeout: 10_000 }).toBe(130);
  expect(await state()).toMatchObject({ isReading: true, lines: 179, dropped: 49 });
  child.stdin.write(readFileSync(sample));
  await expect.poll(async () => (await state()).rows, { timeout: 10_000 }).toBe(260);
  const exit = exitOf(child);
  child.kill("SIGINT");
  expect(await exit).toBe(0);
}, 30_000);

test("--follow goes on with a file through rotations, and --keep bounds the rows", async () => {
  const folder = mkdtempSync(join(tmpdir(), "serve-"));
  const file = join(folder, "events.log");
  copyFileSync(sample, file);
  const { state } = await serve(["--follow", "--keep", "300", file]);
  await expect.poll(async () => (await state()).rows, { timeout: 10_000 }).toBe(130);
  appendFileSync(file, readFileSync(sample));
  await expect.poll(async () => (await state()).rows, { timeout: 10_000 }).toBe(260);
  renameSync(file, join(folder, "events-1.log"));
  writeFileSync(file, readFileSync(sample));
  await expect.poll(async () => (await state()).lines, { timeout: 10_000 }).toBe(3 * 179);
  await expect.poll(async () => (await state()).removed, { timeout: 10_000 }).toBe(390 - 285);
  expect(await state()).toMatchObject({ rows: 285, isReading: true });
  rmSync(folder, { recursive: true });
}, 30_000);

test("a log that is not there, and a port that is taken, end it with a word", async () => {
  await expect(serve(["nowhere.log"])).rejects.toThrow("ended with 1: hubble-adx: nowhere.log: no such file");
  const { child } = await serve([sample]);
  expect(child.exitCode).toBeNull();
  await expect(serve(["--keep", "ten", sample])).rejects.toThrow(/ended with 2.*whole number/s);
}, 30_000);
