import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { chromium } from "playwright-core";
import { positiveInteger } from "./arguments.js";
import { findChromium } from "../tests/support/browser.js";
import { Cluster, hour, linesOf, minute, ordinaryTraffic } from "../tests/support/cluster/day.js";

// What `serve` takes on flows of a made-up cluster: the first page, all rows, each tile asked three times, memory.

const program = new Command("npm run bench:serve --")
  .option("--flows <count>", "how many flows, in hours of about 28,000", positiveInteger, 100_000)
  .option("--log <file>", "read this log instead");
const { flows, log } = program.parse().opts<{ flows: number; log?: string }>();

interface State {
  rows: number;
  isReading: boolean;
}

interface Frame {
  pages: { key: string; tiles: { title: string; markdown?: string }[] }[];
}

const executablePath = findChromium();
if (!executablePath) throw new Error("no Chromium in CHROMIUM or on PATH");
const folder = mkdtempSync(join(tmpdir(), "hubble-adx-bench-"));
try {
  await measure(log ?? writeLog(join(folder, "cluster.log")), executablePath);
} finally {
  rmSync(folder, { recursive: true });
}

function writeLog(path: string): string {
  const end = Date.parse("2026-03-04T10:00:00Z");
  for (let written = 0, before = 1; written < flows; before++) {
    const made = new Cluster(7 + before);
    const from = end - before * hour;
    ordinaryTraffic(made, { from, to: from + hour, visits: 4000, probeEvery: 30 * minute });
    const lines = linesOf(made).slice(0, flows - written);
    appendFileSync(path, lines.map(({ line }) => `${line}\n`).join(""));
    written += lines.length;
  }
  return path;
}

/** The most that a process has had in memory. */
function peakMemory(pid: number): string {
  return /VmHWM:\s*(.*)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]!;
}

async function measure(path: string, executablePath: string): Promise<void> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto("about:blank");
  const begin = performance.now();
  const seconds = () => `${((performance.now() - begin) / 1000).toFixed(1)} s`;
  const child = spawn("node", ["build/tools/cli.js", "serve", path, "--port", "0", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const address = await new Promise<string>((resolve) =>
      child.stdout.on("data", (text: Buffer) => resolve(text.toString().trim())),
    );
    console.log(`server             ${seconds()}`);
    await page.goto(address);
    await page.waitForFunction(
      () => document.querySelector(".tile") && !document.querySelector(".waiting"),
      undefined,
      {
        timeout: 300_000,
      },
    );
    console.log(`first page         ${seconds()}`);
    const ask = async <T>(request: string): Promise<T> => (await (await fetch(address + request)).json()) as T;
    while ((await ask<State>("api/state")).isReading) await new Promise((resolve) => setTimeout(resolve, 200));
    console.log(
      `all rows           ${seconds()} (${(await ask<State>("api/state")).rows.toLocaleString("en-US")}, ${peakMemory(child.pid!)})`,
    );
    await page.close();
    // So long at least the first page is looked at, while `serve` prepares the others.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const { pages } = await ask<Frame>("api/dashboard");
    // As the page asks at first, and when another time range has been chosen.
    for (const [round, query] of [
      ["first", ""],
      ["other range", "range=6h"],
      ["again", "range=6h"],
    ] as const) {
      const times: { title: string; took: number }[] = [];
      for (const { key, tiles } of pages) {
        for (const [index, { title, markdown }] of tiles.entries()) {
          if (markdown !== undefined) continue;
          const from = performance.now();
          await ask(`api/tile/${key}/${index}?${query}`);
          times.push({ title: `${key}: ${title}`, took: Math.round(performance.now() - from) });
        }
      }
      times.sort((a, b) => b.took - a.took);
      const slowest = times.slice(0, 4).map(({ title, took }) => `${took} ms ${title}`);
      console.log(`${`tiles, ${round}`.padEnd(19)}${slowest.join("; ")}`);
    }
    console.log(`memory             ${peakMemory(child.pid!)}`);
  } finally {
    child.kill("SIGINT");
    await browser.close();
  }
}
