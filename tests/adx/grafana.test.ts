import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { grafanaDashboard } from "../../tools/dashboard/grafana.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { packageFile } from "../../tools/package-file.js";
import { checkQuery } from "../support/engine.js";

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { query: string; database: string }[];
}
interface Template {
  name: string;
  type: string;
  query: string | { query: string };
}
interface GrafanaDashboard {
  uid: string;
  tags: string[];
  links: unknown[];
  templating: { list: Template[] };
  panels: Panel[];
}

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const source = loadDashboard();
const dashboards = source.pages.map(({ key }) => grafanaDashboard(source, key) as GrafanaDashboard);
const files = readdirSync(packageFile("adx/grafana")).sort();
const shippedPages = files.map((file) => JSON.parse(read(`adx/grafana/${file}`)) as GrafanaDashboard);

const CHOICES = {
  all: { csv: '"*"', doublequote: '"*"' },
  two: { csv: "a,b", doublequote: '"a","b"' },
};

/** A query as Grafana sends it: macros and variables replaced. */
function sent(query: string, { csv, doublequote }: { csv: string; doublequote: string }): string {
  return query
    .replaceAll("$__timeFrom", "datetime(2025-01-23T00:00:00Z)")
    .replaceAll("$__timeTo", "datetime(2025-01-24T00:00:00Z)")
    .replaceAll(/\$\{\w+:csv\}/g, csv)
    .replaceAll(/\$\{\w+:doublequote\}/g, doublequote)
    .replaceAll("${pod}", "coredns");
}

describe("the Grafana dashboard", () => {
  const variables = dashboards[0]!.templating.list.flatMap(({ query }) =>
    typeof query === "object" ? query.query : [],
  );
  const queries = [
    ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets ?? [])).map(({ query }) => query),
    ...variables,
  ];

  test("has every page of the same sources, with every tile", () => {
    expect(files).toEqual(source.pages.map(({ key }) => `${key}.json`).sort());
    for (const [i, { key, tiles }] of source.pages.entries()) {
      const page = shippedPages[files.indexOf(`${key}.json`)]!;
      expect(page).toEqual(dashboards[i]);
      expect(page.panels.map(({ title }) => title)).toEqual(tiles.map(({ title }) => title));
    }
    expect(new Set(shippedPages.map(({ uid }) => uid)).size).toBe(files.length);
  });

  test("leads from each page to the others, with range and choices", () => {
    for (const { links, tags } of shippedPages) {
      expect(links).toMatchObject([{ type: "dashboards", tags, includeVars: true, keepTime: true }]);
    }
  });

  test.each(shippedPages)(
    "$uid asks every query of an Azure Data Explorer data source and a database that the user chooses",
    (shipped) => {
      expect(shipped.templating.list.slice(0, 2).map(({ name, type }) => [name, type])).toEqual([
        ["datasource", "datasource"],
        ["database", "textbox"],
      ]);
      for (const { targets, type } of shipped.panels) {
        if (type === "text") continue;
        for (const target of targets!) expect(target).toMatchObject({ database: "${database}" });
        // The panel tells nodes and edges by their columns.
        expect(targets).toHaveLength(type === "nodeGraph" ? 2 : 1);
      }
    },
  );

  test.each(shippedPages)("$uid uses only variables that it declares", (shipped) => {
    const declared = shipped.templating.list.map(({ name }) => name);
    for (const [, name] of JSON.stringify(shipped).matchAll(/\$\{(\w+)/g)) expect(declared).toContain(name);
  });

  test.each(shippedPages)("$uid has its panels side by side on Grafana's grid", (shipped) => {
    const boxes = shipped.panels.map(({ gridPos }) => gridPos);
    expect(new Set(shipped.panels.map(({ id }) => id)).size).toBe(shipped.panels.length);
    for (const [index, a] of boxes.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      const overlapping = boxes
        .slice(index + 1)
        .filter((b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
      expect(overlapping).toEqual([]);
    }
  });

  test.each(queries.map((query) => [query.split("\n").at(-1)!, query] as const))(
    "the query ending in %j is sound",
    (_, query) => {
      for (const choice of Object.values(CHOICES)) {
        const text = sent(query, choice);
        expect(text).not.toContain("$");
        expect(checkQuery(text)).toEqual([]);
      }
    },
  );

  test("an unknown page is named, with those there are", () => {
    expect(() => grafanaDashboard(source, "overwiev")).toThrow(
      /no page overwiev; its pages are overview, map, blocked-egress/,
    );
  });
});
