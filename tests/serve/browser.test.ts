import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ResultTile } from "../../tools/report/model.js";
import { findChromium } from "../support/browser.js";
import { hostileRows } from "../support/hostile-rows.js";
import { nodeInSight } from "../support/map.js";
import { batchesOf, readSample, served } from "../support/served.js";

const executablePath = findChromium();
const pages = ["overview", "map", "blocked-egress", "security", "dns", "http", "pipeline"];

describe.skipIf(!executablePath)("in a browser (skipped: no Chromium in CHROMIUM or on PATH)", () => {
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let sample: Awaited<ReturnType<typeof served>>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] });
    sample = await served(readSample);
  });
  afterAll(async () => {
    await browser.close();
    await sample.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) complaints.push(request.url());
    });
  });
  afterEach(async () => {
    expect(complaints).toEqual([]);
    await page.close();
  });

  const drawn = () => page.waitForFunction(() => !document.querySelector(".waiting"));
  const stat = (label: string) =>
    page
      .locator(".stat", { has: page.locator("dt", { hasText: new RegExp(`^${label}$`) }) })
      .locator("dd")
      .textContent();

  test("every tile of every page draws something", async () => {
    await page.goto(sample.address);
    for (const key of pages) {
      await page.locator(`nav a[href="#${key}"]`).click();
      await drawn();
      expect(await page.locator(".tile .error").count(), key).toBe(0);
      expect(await page.locator(".tile").count(), key).toBeGreaterThan(1);
    }
  });

  test("filters go into the address, change the numbers, and come back with it", async () => {
    await page.goto(`${sample.address}#blocked-egress`);
    await drawn();
    expect(await stat("Attempts")).toBe("13");
    await page.locator("summary", { hasText: "Namespace" }).click();
    await page.getByLabel("sandbox", { exact: true }).click();
    await expect.poll(() => stat("Attempts")).toBe("4");
    expect(new URL(page.url()).search).toBe("?namespace=sandbox");
    await page.reload();
    await drawn();
    expect(await stat("Attempts")).toBe("4");
    await page.getByRole("button", { name: "Clear all" }).click();
    await expect.poll(() => stat("Attempts")).toBe("13");
    await page.goBack();
    await expect.poll(() => stat("Attempts")).toBe("4");
  });

  test("a click on the map filters all pages by that end", async () => {
    await page.goto(`${sample.address}#map`);
    await drawn();
    const map = (await (await fetch(`${sample.address}api/tile/map/0`)).json()) as ResultTile;
    const box = (await page.locator(".graph .chart").boundingBox())!;
    const { name, x, y } = nodeInSight(map, box, (each) => /^[\d.]+$/.test(each));
    await page.mouse.click(box.x + x, box.y + y);
    await page.waitForURL(`**/?pod=${name}#map`);
    const rows = page.locator(".tile.table tbody tr");
    // None while the answer is on its way.
    const told = () => rows.allTextContents();
    await expect
      .poll(async () => (await told()).length > 0 && (await told()).every((row) => row.includes(name)))
      .toBe(true);
  });

  test("new flows appear by themselves", async () => {
    const live = await served(async () => {});
    try {
      await page.goto(live.address);
      await drawn();
      expect(await page.locator(".state").first().textContent()).not.toBe("Loading…");
      await readSample(live.flows);
      await expect.poll(() => stat("Denied by policy"), { timeout: 10_000 }).toBe("17");
    } finally {
      await page.goto("about:blank");
      await live.close();
    }
  }, 30_000);

  test("the KQL box completes, marks mistakes and answers", async () => {
    await page.goto(`${sample.address}#kql`);
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("HubbleFlows | where Verdi");
    await expect.poll(() => page.locator(".cm-tooltip-autocomplete li").first().textContent()).toContain("Verdict");
    await page.keyboard.type("x == 1");
    await page.keyboard.press("Escape");
    await page.locator(".cm-lintRange-error").first().waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("HubbleFlows | count ");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Enter");
    await page.locator(".answer td").waitFor();
    expect(await page.locator(".answer td").textContent()).toBe("130");
    // The filters are those of the pages: a query says itself what it is about.
    expect(await page.locator(".filters").isVisible()).toBe(false);
    await page.locator('nav a[href="#overview"]').click();
    await page.locator(".filters").waitFor({ state: "visible" });
  }, 30_000);

  test("a tile's answer is downloaded as CSV", async () => {
    await page.goto(`${sample.address}#blocked-egress`);
    await drawn();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download Ports as CSV" }).click();
    const stream = await (await waiting).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString().split("\n")[1]).toBe("TCP 443,9");
  });

  test.each([1280, 390])(
    "flows written by an attacker stay text, at a width of %i",
    async (width) => {
      const hostile = await served((flows) => flows.read(batchesOf(hostileRows())));
      try {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(hostile.address);
        for (const key of [...pages, "kql"]) {
          await page.locator(`nav a[href="#${key}"]`).click();
          await page.waitForFunction((wanted) => location.hash === wanted, `#${key}`);
          await drawn();
          const found = await page.evaluate(() => ({
            ran: (window as { ran?: number }).ran,
            elements: document.querySelectorAll("main :is(script, svg, a, style, b, iframe)").length,
            width: document.documentElement.scrollWidth,
            members: Object.keys(Object.prototype),
          }));
          expect(found.members, "what all objects have").toEqual([]);
          expect(found.ran).toBeUndefined();
          expect(found.elements, key).toBe(0);
          expect(found.width, key).toBeLessThanOrEqual(width);
        }
        await page.locator('nav a[href="#overview"]').click();
        await page.locator("summary", { hasText: "Namespace" }).click();
        await page.locator(".choices label").first().waitFor();
        expect(await page.locator(".choices :is(img, script, a, svg)").count()).toBe(0);
      } finally {
        await page.goto("about:blank");
        await hostile.close();
      }
    },
    120_000,
  );
});
