import { setTimeout } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { KustoError } from "../../tools/kusto/error.js";
import { Preparation } from "../../tools/serve/preparation.js";

const dashboard = loadDashboard();
const tiles = dashboard.pages.flatMap((page) => page.tiles.filter((tile) => "query" in tile));
const choices = { from: "ago(1h)", to: "now()" };

test("all tiles are prepared once, while nobody waits", async () => {
  const engine = { check: vi.fn(), translate: vi.fn(() => []) };
  const preparation = new Preparation(engine, dashboard);
  let end = () => {};
  const request = preparation.during(() => new Promise<void>((resolve) => (end = resolve)));
  const prepared = preparation.run(choices, true);
  await setTimeout(400);
  expect(engine.check).not.toHaveBeenCalled();
  end();
  await request;
  await setTimeout(100);
  // A group of requests may still be coming.
  expect(engine.check).not.toHaveBeenCalled();
  await prepared;
  expect(engine.check).toHaveBeenCalledTimes(tiles.length);
  expect(engine.translate).toHaveBeenCalledTimes(tiles.length);
  await preparation.run(choices, true);
  expect(engine.check).toHaveBeenCalledTimes(tiles.length);
});

test("who chooses something else has that prepared, and no more of what was chosen before", async () => {
  const asked: string[] = [];
  const preparation = new Preparation({ check: (kql) => void asked.push(kql), translate: () => [] }, dashboard);
  const before = preparation.run(choices, true);
  await preparation.run({ ...choices, from: "ago(7d)" }, true);
  await before;
  expect(asked).toHaveLength(tiles.length);
  expect(asked.filter((kql) => kql.includes("ago(1h)"))).toEqual([]);
});

test("a query that cannot be read is left to its tile", async () => {
  const check = vi.fn((text: string) => {
    throw new KustoError("no such thing", text, 0);
  });
  await new Preparation({ check, translate: () => [] }, dashboard).run(choices, true);
  expect(check).toHaveBeenCalledTimes(tiles.length);
});

test("while flows come in, the first choices are prepared and no others", async () => {
  const check = vi.fn();
  const preparation = new Preparation({ check, translate: () => [] }, dashboard);
  await preparation.run(choices, false);
  await preparation.run({ ...choices, from: "ago(7d)" }, false);
  expect(check).toHaveBeenCalledTimes(tiles.length);
  await preparation.run({ ...choices, from: "ago(7d)" }, true);
  expect(check).toHaveBeenCalledTimes(2 * tiles.length);
});
