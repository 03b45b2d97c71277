import { namedUuid } from "../named-uuid.js";
import {
  usedVariables,
  type Color,
  type DashboardSource,
  type Parameter,
  type QueryTile,
  type Tile,
} from "./source.js";

/** Where the dashboard reads from. */
export interface DataSource {
  /** `https://<cluster>.<region>.kusto.windows.net`. */
  clusterUri: string;
  database: string;
}

/** What stands in the file until someone sets a cluster. */
export const PLACEHOLDER: DataSource = {
  clusterUri: "https://CLUSTER.REGION.kusto.windows.net",
  database: "DATABASE",
};

const SCHEMA_VERSION = "60";

/**
 * The dashboard as a file that Azure Data Explorer imports: schema version 60, the newest that Microsoft's own published
 * dashboards use. Ids are made from names, so the same sources give the same file.
 */
export function adxDashboard(source: DashboardSource, { clusterUri, database }: DataSource = PLACEHOLDER): object {
  const dataSourceId = uuid("data source");
  const parameterNames = source.parameters.map(({ variable }) => variable);
  const variables = [source.time.from, source.time.to, ...parameterNames, ...Object.keys(source.base)];
  const query = (name: string, text: string) => ({
    dataSource: { kind: "inline", dataSourceId },
    text: text.trimEnd(),
    id: uuid(`query ${name}`),
    usedVariables: usedVariables(text, variables),
  });
  const queryTiles = source.pages.flatMap((page) =>
    page.tiles.filter(isQueryTile).map((tile) => query(`${page.key} ${tile.title}`, tile.query)),
  );
  return {
    $schema: `https://dataexplorer.azure.com/static/d/schema/${SCHEMA_VERSION}/dashboard.json`,
    id: uuid("dashboard"),
    eTag: uuid("eTag"),
    title: source.title,
    schema_version: SCHEMA_VERSION,
    tiles: source.pages.flatMap((page) => page.tiles.map((tile) => adxTile(page.key, tile))),
    baseQueries: Object.keys(source.base).map((variableName) => ({
      id: uuid(`base ${variableName}`),
      queryId: uuid(`query ${variableName}`),
      variableName,
    })),
    parameters: [timeParameter(source), ...source.parameters.map(adxParameter)],
    dataSources: [{ id: dataSourceId, kind: "manual-kusto", scopeId: "kusto", name: database, clusterUri, database }],
    pages: source.pages.map(({ key, name }) => ({ name, id: adxPageId(key) })),
    queries: [
      ...Object.entries(source.base).map(([name, text]) => query(name, text)),
      ...source.parameters.flatMap((parameter) => (parameter.query ? query(parameter.variable, parameter.query) : [])),
      ...queryTiles,
    ],
  };
}

export function isQueryTile(tile: Tile): tile is QueryTile {
  return "query" in tile;
}

function adxTile(page: string, tile: Tile): object {
  const [x, y, width, height] = tile.at;
  const common = { id: uuid(`tile ${page} ${tile.title}`), title: tile.title, pageId: adxPageId(page) };
  const layout = { x, y, width, height };
  if (!isQueryTile(tile)) {
    return { ...common, visualType: "markdownCard", layout, markdownText: tile.markdown.trimEnd(), visualOptions: {} };
  }
  return {
    ...common,
    ...(tile.description === undefined ? {} : { description: tile.description }),
    visualType: adxVisual(tile),
    layout,
    queryRef: { kind: "query", queryId: uuid(`query ${page} ${tile.title}`) },
    visualOptions: visualOptions(page, tile),
  };
}

/** A graph's edges are a table: the service has no visual of nodes and edges that a dashboard takes. */
function adxVisual({ visual }: QueryTile): string {
  return visual === "graph" ? "table" : visual;
}

// The options, and their order, are those of dashboards exported by the service; it refuses options it doesn't know.
function visualOptions(page: string, tile: QueryTile): object {
  const interactions = { crossFilterDisabled: false, drillthroughDisabled: false, crossFilter: [], drillthrough: [] };
  switch (tile.visual) {
    case "multistat":
      return {
        multiStat__textSize: "auto",
        multiStat__valueColumn: "Value",
        colorRulesDisabled: false,
        colorStyle: "light",
        multiStat__displayOrientation: "horizontal",
        multiStat__labelColumn: "Label",
        multiStat__slot: { width: tile.stack ?? 1, height: 1 },
        colorRules: colorRules(page, tile),
      };
    case "table":
    case "graph":
      return {
        table__enableRenderLinks: true,
        colorRulesDisabled: false,
        colorStyle: "light",
        ...interactions,
        table__renderLinks: [],
        colorRules: colorRules(page, tile),
      };
    default:
      return {
        multipleYAxes: {
          base: {
            id: "-1",
            label: tile.yTitle ?? "",
            columns: [],
            yAxisMaximumValue: null,
            yAxisMinimumValue: null,
            yAxisScale: "linear",
            horizontalLines: [],
          },
          additional: [],
          showMultiplePanels: false,
        },
        hideLegend: tile.visual === "bar",
        legendLocation: "bottom",
        xColumnTitle: "",
        xColumn: tile.xColumn ?? null,
        yColumns: tile.yColumns ?? null,
        seriesColumns: tile.seriesColumns ?? null,
        xAxisScale: "linear",
        verticalLine: "",
        ...interactions,
        selectedDataOnLoad: { all: true, limit: 10 },
        dataPointsTooltip: { all: false, limit: 1 },
      };
  }
}

function colorRules(page: string, tile: QueryTile): object[] {
  return Object.entries(tile.colors ?? {}).flatMap(([column, values]) =>
    Object.entries(values).map(([value, color]) => colorRule(page, tile, column, value, color)),
  );
}

function colorRule(page: string, tile: QueryTile, column: string, value: string, color: Color): object {
  return {
    id: uuid(`color ${page} ${tile.title} ${column} ${value}`),
    ruleType: "colorByCondition",
    applyToColumn: tile.visual === "table" ? column : null,
    hideText: false,
    applyTo: "cells",
    conditions: [{ operator: "==", column, values: [value] }],
    chainingOperator: "and",
    colorStyle: "bold",
    color,
    tag: "",
    icon: null,
    ruleName: value,
    visualType: tile.visual,
  };
}

function timeParameter({ time }: DashboardSource): object {
  return {
    kind: "duration",
    id: uuid("parameter time"),
    displayName: time.name,
    description: "",
    beginVariableName: time.from,
    endVariableName: time.to,
    defaultValue: { kind: "dynamic", count: time.hours, unit: "hours" },
    showOnPages: { kind: "all" },
  };
}

function adxParameter({ name, variable, description, column, query }: Parameter): object {
  const common = {
    kind: "string",
    id: uuid(`parameter ${variable}`),
    displayName: name,
    description: description ?? "",
    variableName: variable,
    showOnPages: { kind: "all" },
  };
  if (query === undefined) return { ...common, selectionType: "freetext", defaultValue: { kind: "value", value: "" } };
  return {
    ...common,
    selectionType: "array",
    includeAllOption: true,
    defaultValue: { kind: "all" },
    dataSource: {
      kind: "query",
      columns: { value: column, label: column },
      queryRef: { kind: "query", queryId: uuid(`query ${variable}`) },
    },
  };
}

/** The id of a page, which is what follows `#` in a link to it. */
export function adxPageId(key: string): string {
  return uuid(`page ${key}`);
}

function uuid(name: string): string {
  return namedUuid(`dashboard ${name}`);
}
