import { mkdtempSync, rmSync, statSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report, ResultTile } from "../../tools/report/model.js";
import { findChromium } from "../support/browser.js";
import { run } from "../support/cli.js";
import { command } from "../support/command.js";
import { nodeInSight } from "../support/map.js";
import { openEngine } from "../support/engine.js";

const log = "fluent-bit/sample/cilium-agent.log";
const folder = mkdtempSync(join(tmpdir(), "report-"));
const file = join(folder, "report.html");
const executablePath = findChromium();

beforeAll(async () => {
  const { code, stderr } = await run(["report", log, "-o", file]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("179 lines: 119 flows");
});
afterAll(() => rmSync(folder, { recursive: true }));

function reportIn(path: string): Report {
  const [, json] = /<script type="application\/json" id="report">(.*)<\/script>/.exec(readFileSync(path, "utf8"))!;
  return JSON.parse(json!) as Report;
}

const queryTiles = (report: Report) =>
  report.pages.flatMap(({ tiles }) => tiles.filter((tile): tile is ResultTile => "kql" in tile));

test("the page of the sample stays below 3 MB, and every tile has an answer", () => {
  expect(statSync(file).size).toBeLessThan(3e6);
  for (const tile of queryTiles(reportIn(file))) expect(tile.error, tile.title).toBeUndefined();
});

test("a tile's query gives the same rows when it is run by itself", async () => {
  const rows = (await command(["flatten", log, "--format", "json", "--function", "hubble_events"])).stdout
    .trim()
    .split("\n");
  const engine = await openEngine();
  for (const row of rows) await engine.add(row);
  for (const { kql, rows: shown, title } of queryTiles(reportIn(file))) {
    const [result] = await engine.query(kql);
    expect(shown.length, title).toBe(result!.rows.length);
    expect([...shown.map(String)].sort(), title).toEqual([...result!.rows.map(String)].sort());
  }
  engine.close();
});

test("standard input is a log too, and a log without flows makes a page that says so", async () => {
  const { code } = await command(["report", "-", "-q", "-o", join(folder, "none.html")], { input: "no flow\n" });
  expect(code).toBe(0);
  expect(reportIn(join(folder, "none.html"))).toMatchObject({ rows: 0, sources: ["standard input"] });
});

test("a log that is not there is named", async () => {
  const { code, stderr } = await command(["report", "missing.log", "-o", join(folder, "missing.html")]);
  expect(code).toBe(1);
  expect(stderr).toContain("missing.log");
});

describe.skipIf(!executablePath)("in a browser (skipped: no Chromium in CHROMIUM or on PATH)", () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
  });
  afterAll(async () => {
    await browser.close();
  });

  const open = async (key: string) => {
    await page.goto("about:blank");
    await page.goto(`${pathToFileURL(file).href}#${key}`);
    await page.waitForFunction(() => Array.from(document.querySelectorAll(".body")).every((body) => body.firstChild));
  };
  const tileOf = (title: string) => page.locator("section.tile", { has: page.locator(`h2:text-is("${title}")`) });

  test("every tile of every page draws what its query gives", async () => {
    for (const { key, tiles } of reportIn(file).pages) {
      await open(key);
      for (const tile of tiles.filter((each): each is ResultTile => "kql" in each)) {
        const shown = tileOf(tile.title);
        if (tile.title === "Ingestion delay") {
          // Only Azure Data Explorer knows when a row has come.
          expect(await shown.locator(".state").textContent()).toBe("No numbers here");
        } else if (tile.rows.length === 0) {
          expect(await shown.locator(".state").count(), tile.title).toBe(1);
        } else if (tile.visual === "multistat") {
          const labels = await shown.locator("dt").allTextContents();
          expect(labels, tile.title).toEqual(tile.rows.map(([label]) => label));
          const values = (await shown.locator("dd").allTextContents()).map((text) => Number(text.replaceAll(",", "")));
          expect(values, tile.title).toEqual(tile.rows.map(([, value]) => Number(value)));
        } else {
          if (tile.visual !== "table") {
            expect(await shown.locator("canvas").evaluate(countColors), tile.title).toBeGreaterThan(2);
            await shown.focus();
            await page.keyboard.press("t");
          }
          expect(await shown.locator("tbody tr").count(), tile.title).toBe(tile.rows.length);
        }
      }
    }
    expect(complaints).toEqual([]);
  });

  test("the verdicts add up to the flows of the rows", async () => {
    const { stdout } = await command(["flatten", log, "--format", "json"]);
    const flows = new Map<string, number>();
    for (const line of stdout.trim().split("\n")) {
      const row = JSON.parse(line) as Record<string, string | number | undefined>;
      if (row.ParseError !== undefined || row.Verdict === undefined) continue;
      const counts = [row.IngressFlowCount, row.EgressFlowCount, row.UnknownDirectionFlowCount];
      const sum = counts.reduce<number>((total, count) => total + Number(count ?? 0), 0);
      flows.set(String(row.Verdict), (flows.get(String(row.Verdict)) ?? 0) + Math.max(sum, 1));
    }
    await open("overview");
    const stats = tileOf("Flows of each verdict").locator(".stat");
    for (const [verdict, count] of flows) {
      const stat = stats.filter({ has: page.locator(`dt:text-is("${verdict}")`) });
      expect(await stat.locator("dd").textContent(), verdict).toBe(count.toLocaleString("en-US"));
    }
  });

  test("a table sorts by a click and filters by a text", async () => {
    await open("blocked-egress");
    const shown = tileOf("Who tried to reach what");
    await shown.getByRole("button", { name: "DestinationPort" }).click();
    const ports = await shown.locator("tbody tr td:nth-child(7)").allTextContents();
    expect(ports.filter(Boolean).map(Number)).toEqual([...ports.filter(Boolean).map(Number)].sort((a, b) => a - b));
    await shown.getByRole("searchbox").fill("netshoot");
    const found = await shown.locator("tbody tr").allTextContents();
    expect(found.length).toBeGreaterThan(0);
    for (const row of found) expect(row).toContain("netshoot");
  });

  test("a click on the map shows the connections of that end alone", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await open("map");
    const map = queryTiles(reportIn(file)).find(({ visual }) => visual === "graph")!;
    const box = (await tileOf(map.title).locator(".chart").boundingBox())!;
    const { name, x, y } = nodeInSight(map, box, () => true);
    await page.mouse.click(box.x + x, box.y + y);
    const connections = tileOf("Connections");
    await connections.locator(".chosen-ends").waitFor();
    const shown = await connections.locator("tbody tr").allTextContents();
    const rows = queryTiles(reportIn(file)).find(({ title }) => title === "Connections")!.rows;
    expect(shown).toHaveLength(rows.filter((row) => row.slice(0, 2).includes(name)).length);
    for (const row of shown) expect(row).toContain(name);
    await connections.getByRole("button", { name: "Show all" }).click();
    expect(await connections.locator("tbody tr").count()).toBe(rows.length);
  });

  test("a tile shows its query, and Escape closes it", async () => {
    await open("overview");
    await tileOf("Drop reasons").focus();
    await page.keyboard.press("k");
    await expect.poll(() => page.locator("dialog pre").textContent()).toContain("HubbleDropped");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("dialog").count()).toBe(0);
  });

  test("the background follows the system's dark mode, and nothing is wider than a narrow window", async () => {
    await open("overview");
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await background();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await background()).not.toBe(light);
    for (const width of [390, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const { key } of reportIn(file).pages) {
        await open(key);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), key).toBeLessThanOrEqual(width);
      }
    }
    expect(complaints).toEqual([]);
  });
});

/** How many colours a canvas shows. */
function countColors(canvas: HTMLElement | SVGElement): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const pixels = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
}
