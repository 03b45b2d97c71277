import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportHtml } from "../../tools/report/html.js";
import { reportOf } from "../../tools/report/results.js";
import { findChromium } from "../support/browser.js";
import { hostileRows, payloads } from "../support/hostile-rows.js";
import { openEngine } from "../support/engine.js";

const executablePath = findChromium();
const folder = mkdtempSync(join(tmpdir(), "report-"));
const file = join(folder, "hostile.html");

beforeAll(async () => {
  const engine = await openEngine();
  for (const row of hostileRows()) await engine.add(row);
  const report = await reportOf(engine, payloads.slice(0, 8));
  engine.close();
  writeFileSync(file, reportHtml(report));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!executablePath)("in a browser (skipped: no Chromium in CHROMIUM or on PATH)", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser.close();
  });

  test.each([1280, 390])("flows written by an attacker stay text, at a width of %i", async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => void dialog.dismiss().then(() => complaints.push("a dialog")));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    let hostile = 0;
    for (const link of await page.locator("nav a").all()) {
      await link.click();
      // The address changes first, the page after it.
      const name = (await link.textContent())!;
      await page.waitForFunction((title) => document.title.startsWith(title), name);
      await page.waitForFunction(() => Array.from(document.querySelectorAll(".body")).every((body) => body.firstChild));
      const drawn = page.locator("section.tile:has(canvas)");
      // A tile that shows its table has no canvas, and so is none of these any more.
      while ((await drawn.count()) > 0) {
        const tile = drawn.first();
        const box = (await tile.locator("canvas").boundingBox())!;
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await tile.getByRole("button", { name: "as a table" }).click();
      }
      const found = await page.evaluate(() => ({
        ran: (window as { ran?: number }).ran,
        elements: document.querySelectorAll("main :is(script, img, svg, a, style, b, iframe)").length,
        width: document.documentElement.scrollWidth,
        text: document.querySelector("main")!.textContent,
        members: Object.keys(Object.prototype),
      }));
      expect(found.members, "what all objects have").toEqual([]);
      expect(found.ran).toBeUndefined();
      expect(found.elements).toBe(0);
      expect(found.width).toBeLessThanOrEqual(width);
      // eslint-disable-next-line no-control-regex
      expect(found.text).not.toMatch(/[\u0000-\u0009\u001b\u202a-\u202e\u2066-\u2069]/);
      if (/<img src=x|<script>|<svg onload|javascript:window/.test(found.text)) hostile += 1;
    }
    expect(hostile).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
