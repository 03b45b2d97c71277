import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { adxDashboard } from "../../tools/dashboard/adx.js";
import { parseClusterUri, parseDatabaseName } from "../../tools/dashboard/data-source.js";
import { loadDashboard } from "../../tools/dashboard/source.js";
import { packageFile } from "../../tools/package-file.js";
import { declarations, expectedColumns, structureProblems, type DashboardFile, type Query } from "./dashboard-file.js";
import type { Problem } from "../../tools/kusto/check.js";
import { checkQuery, hubbleDatabase } from "../support/engine.js";

const read = (path: string) => readFileSync(packageFile(path), "utf8");
const shipped = JSON.parse(read("adx/dashboard.json")) as DashboardFile;

/** A query as the service runs it: the variables that it lists are declared before it. */
function runnable(file: DashboardFile, { text, usedVariables }: Query): string {
  const declared = declarations(file);
  const bases = file.baseQueries.map(({ variableName }) => variableName);
  const direct = usedVariables.filter((name) => !bases.includes(name));
  const used = bases.filter((name) => usedVariables.includes(name));
  const indirect = file.queries
    .filter(({ id }) => file.baseQueries.some((base) => base.queryId === id && used.includes(base.variableName)))
    .flatMap((query) => query.usedVariables);
  const lets = [...new Set([...direct, ...indirect]), ...used].map((name) => `let ${name} = ${declared.get(name)!};`);
  return [...lets, text].join("\n");
}

function queryProblems(file: DashboardFile): Problem[] {
  return file.queries.flatMap((query) => checkQuery(runnable(file, query)));
}

describe("the dashboard file", () => {
  test("loads: keys, ids, references, variables, grid and visual options", () => {
    expect(structureProblems(shipped)).toEqual([]);
  });

  test("has the pages and parameters that it is described with", () => {
    expect(shipped.pages.map(({ name }) => name)).toEqual([
      "Overview",
      "Map",
      "Blocked egress",
      "Security",
      "DNS",
      "HTTP",
      "Pipeline health",
    ]);
    expect(shipped.parameters.map(({ displayName }) => displayName)).toEqual([
      "Time range",
      "Cluster",
      "Namespace",
      "Verdict",
      "Direction",
      "Pod or peer",
    ]);
  });

  // Sound and shown in turn: the parser's work on a query serves both.
  describe.each(shipped.queries.map((query) => [title(query), query] as const))("the query of %s", (_, query) => {
    const text = runnable(shipped, query);

    test("is sound", () => {
      expect(checkQuery(text)).toEqual([]);
    });

    const tiles = shipped.tiles.filter(({ queryRef }) => queryRef?.queryId === query.id);
    test.runIf(tiles.length > 0).each(tiles)("has the columns that the tile $title shows", (tile) => {
      const columns = hubbleDatabase().columns(text);
      const { any, numbers } = expectedColumns(tile);
      for (const name of any) expect(columns, name).toHaveProperty(name);
      for (const name of numbers) expect(["long", "int", "real"], name).toContain(columns[name]);
    });

    const lists = shipped.parameters.filter(({ dataSource }) => dataSource?.queryRef.queryId === query.id);
    test.runIf(lists.length > 0).each(lists)("has the column of the parameter $displayName", ({ dataSource }) => {
      expect(hubbleDatabase().columns(text)).toEqual({ [dataSource!.columns.value]: "string" });
    });
  });

  function title({ id }: Query): string {
    const tile = shipped.tiles.find(({ queryRef }) => queryRef?.queryId === id);
    const base = shipped.baseQueries.find(({ queryId }) => queryId === id);
    const parameter = shipped.parameters.find(({ dataSource }) => dataSource?.queryRef.queryId === id);
    return tile?.title ?? base?.variableName ?? `the parameter ${parameter!.displayName}`;
  }
});

describe("the check finds", () => {
  const first = shipped.tiles.find(({ queryRef }) => queryRef)!;
  const second = shipped.tiles.filter(({ pageId }) => pageId === first.pageId)[1]!;
  const cases: [string, (file: DashboardFile) => void, RegExp][] = [
    ["an unknown key", (file) => Object.assign(file.tiles[0]!, { color: "red" }), /^a tile has an unknown key color$/],
    [
      "a missing key",
      (file) => delete (file.pages[0] as Partial<DashboardFile["pages"][0]>).name,
      /^a page lacks name$/,
    ],
    ["a newer schema version", (file) => (file.schema_version = "61"), /^schema_version is 61/],
    ["an id that is no UUID", (file) => (file.tiles[0]!.id = "tile-1"), /^tile-1 is no UUID$/],
    ["an id used twice", (file) => (file.tiles[0]!.id = file.tiles[1]!.id), /is used twice$/],
    ["a query referenced twice", (file) => (tile(file, second).queryRef = first.queryRef!), /is referenced twice$/],
    [
      "a query not referenced",
      (file) => file.tiles.splice(file.tiles.indexOf(tile(file, first)), 1),
      /is not referenced$/,
    ],
    ["a reference to no query", (file) => (tile(file, first).queryRef!.queryId = file.id), /^there is no query /],
    ["a tile on no page", (file) => (tile(file, first).pageId = file.id), /no such page$/],
    ["a page without tiles", (file) => file.pages.push({ id: file.eTag, name: "Empty" }), /^Empty is empty$/],
    [
      "a query without a data source",
      (file) => (file.queries[0]!.dataSource.dataSourceId = file.id),
      /has no data source$/,
    ],
    [
      "an undeclared variable",
      (file) => file.queries[0]!.usedVariables.push("_node"),
      /uses _node, which nothing declares$/,
    ],
    [
      "a variable listed and not used",
      (file) => file.queries.at(-1)!.usedVariables.push("_verdict"),
      /lists _verdict and does not use it$/,
    ],
    [
      "a variable used and not listed",
      (file) => (file.queries[0]!.usedVariables = []),
      /uses _pod and does not list it$/,
    ],
    [
      "a parameter that nothing uses",
      (file) => file.parameters.push({ ...file.parameters.at(-1)!, id: file.eTag, variableName: "_node" }),
      /^the variable _node is not used$/,
    ],
    [
      "a variable declared twice",
      (file) => file.parameters.push({ ...file.parameters.at(-1)!, id: file.eTag }),
      /^the variable _pod is declared twice$/,
    ],
    ["overlapping tiles", (file) => (tile(file, second).layout.y = 0), /^At a glance and .* overlap$/],
    ["a tile outside the grid", (file) => (tile(file, first).layout.width = 25), /^At a glance: outside the grid$/],
    ["stats without room", (file) => (tile(file, first).layout.width = 17), /^At a glance: 6 stats need 18 columns$/],
    ["a tile between cells", (file) => (tile(file, first).layout.x = 0.5), /^At a glance: not on the grid$/],
    ["an unknown visual", (file) => (tile(file, first).visualType = "sankey"), /unknown visual sankey$/],
    [
      "an unknown option",
      (file) => (tile(file, first).visualOptions.seriesColors = {}),
      /unknown option seriesColors$/,
    ],
    ["a missing option", (file) => delete tile(file, first).visualOptions.colorStyle, /option colorStyle is missing$/],
    [
      "an unknown colour",
      (file) => Object.assign((tile(file, first).visualOptions.colorRules as object[])[0]!, { color: "pink" }),
      /unknown colour pink$/,
    ],
    ["a tile without a title", (file) => (tile(file, first).title = ""), /no title$/],
    ["a tile without a query", (file) => delete tile(file, first).queryRef, /a tile has a query and no text$/],
    [
      "a text tile without text",
      (file) => delete file.tiles.find(({ markdownText }) => markdownText)!.markdownText,
      /a text tile has text and no query$/,
    ],
  ];

  test.each(cases)("%s", (_, change, problem) => {
    const file = structuredClone(shipped);
    change(file);
    expect(
      structureProblems(file).some((found) => problem.test(found)),
      structureProblems(file).join("\n"),
    ).toBe(true);
  });

  test.each([
    ["an unknown column", "_flows | where Vredict == 'DROPPED'", "KS142"],
    ["a column that the base query lacks", "_counts | project SourcePodName", "KS142"],
    ["a variable that the query doesn't list", "HubbleFlows | where TimeGenerated > ['_startTime']", "KS142"],
  ])("%s in a query", (_, text, code) => {
    const file = structuredClone(shipped);
    file.queries = file.queries.filter(({ id }) => file.baseQueries.some(({ queryId }) => queryId === id));
    const usedVariables = file.baseQueries
      .map(({ variableName }) => variableName)
      .filter((name) => text.includes(name));
    file.queries.push({ ...file.queries[0]!, text, usedVariables });
    expect(queryProblems(file).map((problem) => problem.code)).toContain(code);
  });

  function tile(file: DashboardFile, { id }: { id: string }) {
    return file.tiles.find((candidate) => candidate.id === id)!;
  }
});

describe("the data source", () => {
  const source = loadDashboard();

  test("is what the command is given", () => {
    const clusterUri = "https://mycluster.westeurope.kusto.windows.net";
    const file = adxDashboard(source, { clusterUri, database: "Kubernetes" }) as DashboardFile;
    expect(file.dataSources).toMatchObject([{ clusterUri, database: "Kubernetes" }]);
    expect({ ...file, dataSources: [] }).toEqual({ ...shipped, dataSources: [] });
    expect(structureProblems(file)).toEqual([]);
  });

  test.each([
    ["https://mycluster.westeurope.kusto.windows.net", "https://mycluster.westeurope.kusto.windows.net"],
    ["https://mycluster.westeurope.kusto.windows.net/", "https://mycluster.westeurope.kusto.windows.net"],
    ["https://MyCluster.WestEurope.kusto.windows.net", "https://mycluster.westeurope.kusto.windows.net"],
    ["https://trd-abc123.z1.kusto.fabric.microsoft.com", "https://trd-abc123.z1.kusto.fabric.microsoft.com"],
    ["https://c.usgovvirginia.kusto.usgovcloudapi.net", "https://c.usgovvirginia.kusto.usgovcloudapi.net"],
  ])("takes %s", (text, uri) => {
    expect(parseClusterUri(text)).toBe(uri);
  });

  test.each([
    ["mycluster", /is no URI/],
    ["http://mycluster.westeurope.kusto.windows.net", /must start with https/],
    ["https://example.com", /is no Azure Data Explorer cluster/],
    ["https://kusto.windows.net.example.com", /is no Azure Data Explorer cluster/],
    ["https://kusto.windows.net", /is no Azure Data Explorer cluster/],
    ["https://c.westeurope.kusto.windows.net/Kubernetes", /host only/],
    ["https://c.westeurope.kusto.windows.net?x=1", /host only/],
    ["https://user@c.westeurope.kusto.windows.net", /host only/],
    ["https://ingest-c.westeurope.kusto.windows.net", /https:\/\/c\.westeurope/],
  ])("refuses %s", (text, message) => {
    expect(() => parseClusterUri(text)).toThrow(message);
  });

  test.each(["Kubernetes", "my db-1.test", "a_b"])("takes the database %j", (name) => {
    expect(parseDatabaseName(name)).toBe(name);
  });

  test.each(["", " a", "a/b", 'a"b', "x".repeat(261)])("refuses the database %j", (name) => {
    expect(() => parseDatabaseName(name)).toThrow(/is no database name/);
  });
});
