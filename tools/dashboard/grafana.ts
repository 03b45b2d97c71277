import { isQueryTile } from "./adx.js";
import { usedVariables, type Color, type DashboardSource, type Page, type QueryTile, type Tile } from "./source.js";

/** The pages find each other by these. */
const TAGS = ["cilium", "hubble", "hubble-adx"];

const PLUGIN = "grafana-azure-data-explorer-datasource";
const DATA_SOURCE = { type: PLUGIN, uid: "${datasource}" };

/** What a list's variable holds when all values are chosen; Grafana puts it into queries without quoting it. */
const ALL = '"*"';

const VERDICT_COLORS: Record<string, Color> = {
  FORWARDED: "green",
  DROPPED: "red",
  ERROR: "red",
  AUDIT: "yellow",
  REDIRECTED: "blue",
};

/**
 * One page of the dashboard, which links to the others, for Grafana's Azure Data Explorer data source, with the queries of the original. The cluster
 * is the data source's own; the database is a variable.
 */
export function grafanaDashboard(source: DashboardSource, pageKey: string, database = "DATABASE"): object {
  const page = source.pages.find(({ key }) => key === pageKey);
  if (!page)
    throw new Error(
      `adx/dashboard has no page ${pageKey}; its pages are ${source.pages.map(({ key }) => key).join(", ")}`,
    );
  return {
    __requires: [{ type: "datasource", id: PLUGIN, name: "Azure Data Explorer Datasource", version: "5.0.0" }],
    title: `${source.title}: ${page.name}`,
    uid: grafanaUid(page.key),
    tags: TAGS,
    schemaVersion: 39,
    timezone: "browser",
    editable: true,
    time: { from: `now-${source.time.hours}h`, to: "now" },
    refresh: "5m",
    // The other pages, with the same range and choices.
    links: [
      {
        type: "dashboards",
        title: source.title,
        tags: TAGS,
        asDropdown: true,
        includeVars: true,
        keepTime: true,
        targetBlank: false,
      },
    ],
    templating: { list: templates(source, database) },
    panels: page.tiles.map((tile, index) => panel(source, tile, index + 1)),
  };
}

/** The uid of a page's dashboard. */
export function grafanaUid(key: string): string {
  return `hubble-adx-${key}`;
}

/** The id of a tile's panel on its page. */
export function grafanaPanelId(page: Page, title: string): number {
  return page.tiles.findIndex((tile) => tile.title === title) + 1;
}

function templates(source: DashboardSource, database: string): object[] {
  return [
    { name: "datasource", label: "Data source", type: "datasource", query: PLUGIN },
    {
      name: "database",
      label: "Database",
      type: "textbox",
      query: database,
      current: { text: database, value: database },
    },
    ...source.parameters.map(({ name, variable, description, query }) => {
      const common = { name: grafanaName(variable), label: name, description: description ?? "" };
      if (query === undefined) return { ...common, type: "textbox", query: "", current: { text: "", value: "" } };
      return {
        ...common,
        type: "query",
        datasource: DATA_SOURCE,
        query: { ...target(grafanaQuery(source, query)), refId: "variable", resultFormat: "table" },
        refresh: 2,
        multi: true,
        includeAll: true,
        allValue: ALL,
        current: { text: ["All"], value: ["$__all"] },
      };
    }),
  ];
}

function panel(source: DashboardSource, tile: Tile, id: number): object {
  const [x, y, w, h] = tile.at;
  const common = { id, title: tile.title, gridPos: { x, y, w, h } };
  if (!isQueryTile(tile))
    return { ...common, type: "text", options: { mode: "markdown", content: tile.markdown.trimEnd() } };
  return {
    ...common,
    description: tile.description ?? "",
    datasource: DATA_SOURCE,
    targets: targets(source, tile),
    ...visualization(tile),
  };
}

function targets(source: DashboardSource, { visual, query }: QueryTile): object[] {
  if (visual !== "graph") return [target(grafanaQuery(source, query))];
  // The panel takes rows with a column `source` as edges, others as nodes (grafana.com/docs, "Node graph").
  const rows = `let rows = () {\n${query.trimEnd()}\n};`;
  return Object.entries(graphQueries).map(([refId, text]) => ({
    ...target(grafanaQuery(source, `${rows}\n${text}`)),
    refId,
  }));
}

const graphQueries = {
  nodes: `union
    (rows() | project id = Source, Namespace = SourceNamespace, Flows, Denied),
    (rows() | project id = Destination, Namespace = DestinationNamespace, Flows, Denied)
| summarize subtitle = take_any(Namespace), mainstat = sum(Flows), secondarystat = sum(Denied) by id
| extend title = id, arc__denied = iff(secondarystat > 0, 1.0, 0.0), arc__forwarded = iff(secondarystat > 0, 0.0, 1.0)`,
  edges: `rows()
| project id = strcat(Source, " → ", Destination), source = Source, target = Destination, mainstat = Flows, secondarystat = Denied,
    thickness = 1 + 2 * log10(Flows + Denied + 1), color = iff(Denied > 0, "red", "gray")`,
};
const graphArcs = [
  { field: "arc__denied", color: "red" },
  { field: "arc__forwarded", color: "green" },
];

function visualization(tile: QueryTile): {
  type: string;
  options: object;
  fieldConfig: object;
  transformations?: object[];
} {
  const custom = (options: object) => ({ defaults: { custom: options, unit: "short" }, overrides: overrides(tile) });
  // Time series come as rows of time, series and value; this makes a field of each series.
  const transformations = tile.seriesColumns ? [{ id: "prepareTimeSeries", options: { format: "multi" } }] : [];
  switch (tile.visual) {
    case "multistat":
      return {
        type: "stat",
        options: {
          reduceOptions: { values: true, calcs: [], fields: "/^Value$/" },
          textMode: "value_and_name",
          colorMode: "value",
        },
        fieldConfig: custom({}),
      };
    case "table":
      return { type: "table", options: { showHeader: true }, fieldConfig: custom({ filterable: true }) };
    case "graph":
      return {
        type: "nodeGraph",
        options: {
          nodes: { mainStatUnit: "short", secondaryStatUnit: "short", arcs: graphArcs },
          edges: { mainStatUnit: "short", secondaryStatUnit: "short" },
        },
        fieldConfig: { defaults: {}, overrides: [] },
      };
    case "bar":
      return {
        type: "barchart",
        options: { orientation: "horizontal", xField: tile.xColumn, legend: { showLegend: false } },
        fieldConfig: custom({ axisLabel: tile.yTitle ?? "" }),
      };
    default: {
      const bars = tile.visual !== "timechart";
      const stacking = { mode: tile.visual === "stackedcolumn" ? "normal" : "none" };
      return {
        type: "timeseries",
        options: { legend: { displayMode: "list", placement: "bottom", showLegend: true }, tooltip: { mode: "multi" } },
        fieldConfig: custom({
          drawStyle: bars ? "bars" : "line",
          fillOpacity: bars ? 80 : 10,
          stacking,
          axisLabel: tile.yTitle ?? "",
        }),
        transformations,
      };
    }
  }
}

/** Colours of cells (tables, stats) and, for charts by verdict, of the series. */
function overrides(tile: QueryTile): object[] {
  const fixed = (color: Color) => ({ id: "color", value: { mode: "fixed", fixedColor: color } });
  if (tile.seriesColumns?.includes("Verdict")) {
    return Object.entries(VERDICT_COLORS).map(([verdict, color]) => ({
      matcher: { id: "byRegexp", options: `/\\b${verdict}\\b/` },
      properties: [fixed(color)],
    }));
  }
  if (tile.visual === "multistat") {
    return Object.entries(Object.values(tile.colors ?? {})[0] ?? {}).map(([label, color]) => ({
      matcher: { id: "byName", options: label },
      properties: [fixed(color)],
    }));
  }
  return Object.entries(tile.colors ?? {}).map(([column, values]) => ({
    matcher: { id: "byName", options: column },
    properties: [
      { id: "custom.cellOptions", value: { type: "color-text" } },
      {
        id: "mappings",
        value: [
          {
            type: "value",
            options: Object.fromEntries(
              Object.entries(values).map(([value, color]) => [value, { color, text: value }]),
            ),
          },
        ],
      },
    ],
  }));
}

function target(query: string): Record<string, unknown> {
  const empty = { expressions: [], type: "and" };
  return {
    refId: "A",
    datasource: DATA_SOURCE,
    database: "${database}",
    query,
    querySource: "raw",
    queryType: "KQL",
    rawMode: true,
    resultFormat: "table",
    expression: { where: empty, groupBy: empty, reduce: empty },
  };
}

/** The query with Grafana's values for its variables, and the base queries it uses, as `let` statements before it. */
function grafanaQuery(source: DashboardSource, query: string): string {
  const bases = usedVariables(query, Object.keys(source.base));
  const texts = [...bases.map((name) => source.base[name]!), query].join("\n");
  const used = (variable: string) => usedVariables(texts, [variable]).length > 0;
  return [
    ...(used(source.time.from) ? [`let ${source.time.from} = $__timeFrom;`] : []),
    ...(used(source.time.to) ? [`let ${source.time.to} = $__timeTo;`] : []),
    ...source.parameters
      .filter(({ variable }) => used(variable))
      .map(
        ({ variable, query: list }) =>
          `let ${variable} = ${list === undefined ? freeText(variable) : chosen(variable)};`,
      ),
    ...bases.map((name) => `let ${name} = ${source.base[name]!.trimEnd()};`),
    query.trimEnd(),
  ].join("\n");
}

function freeText(variable: string): string {
  return `"\${${grafanaName(variable)}}"`;
}

function chosen(variable: string): string {
  const name = grafanaName(variable);
  return `iff('\${${name}:csv}' == '${ALL}', dynamic(null), todynamic('[\${${name}:doublequote}]'))`;
}

function grafanaName(variable: string): string {
  return variable.replace(/^_/, "");
}
