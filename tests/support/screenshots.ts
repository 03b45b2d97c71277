import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { packageFile } from "../../tools/package-file.js";
import { findChromium } from "./browser.js";
import { readSample, served } from "./served.js";

// Takes pictures of the dashboard's pages over the sample with an incident: `npm run screenshots [FOLDER [PAGE…]]`. Without a
// folder it is the tops of those in the documentation; with one, whole pages, all or those named, light and dark, wide and
// narrow, to be looked at.

const sample = "fluent-bit/sample/shop.log.gz";
const shown = { overview: "6h", map: "1h", security: "1h" };
const executablePath = findChromium();
if (!executablePath) throw new Error("no Chromium in CHROMIUM or on PATH");
const [folder, ...named] = process.argv.slice(2);
const pages = loadDashboard()
  .pages.map(({ key }) => key)
  .filter((key) => named.length === 0 || named.includes(key));
if (pages.length < named.length) throw new Error(`not all of these are pages: ${named.join(", ")}`);
const { address, close } = await served((flows) => readSample(flows, sample), sample);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  if (folder === undefined) {
    for (const [key, range] of Object.entries(shown)) {
      await take(
        `${address}?range=${range}#${key}`,
        fileURLToPath(packageFile(`docs/pictures/${key}.png`)),
        1280,
        "light",
      );
    }
  } else {
    mkdirSync(folder, { recursive: true });
    for (const key of pages) {
      for (const width of [1280, 390]) {
        for (const scheme of ["light", "dark"] as const)
          await take(`${address}?range=6h#${key}`, `${folder}/${key}-${width}-${scheme}.png`, width, scheme);
      }
    }
  }
} finally {
  await browser.close();
  await close();
}

async function take(url: string, path: string, width: number, colorScheme: "light" | "dark"): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector(".tile") && !document.querySelector(".waiting"), undefined, {
    timeout: 120_000,
  });
  // The last chart is drawn in the next frame.
  await page.waitForTimeout(300);
  await page.screenshot({ path, fullPage: folder !== undefined });
  await page.close();
  console.log(`wrote ${path}`);
}
