/** The format of a dashboard file, as far as dashboards exported by the service show it. */
export interface DashboardFile {
  $schema: string;
  id: string;
  eTag: string;
  title: string;
  schema_version: string;
  tiles: Tile[];
  baseQueries: { id: string; queryId: string; variableName: string }[];
  parameters: Parameter[];
  dataSources: { id: string; kind: string; scopeId: string; name: string; clusterUri: string; database: string }[];
  pages: { id: string; name: string }[];
  queries: Query[];
}

export interface Query {
  id: string;
  dataSource: { kind: string; dataSourceId: string };
  text: string;
  usedVariables: string[];
}

export interface Tile {
  id: string;
  title: string;
  description?: string;
  visualType: string;
  pageId: string;
  layout: { x: number; y: number; width: number; height: number };
  queryRef?: { kind: string; queryId: string };
  markdownText?: string;
  visualOptions: Record<string, unknown>;
}

export interface Parameter {
  kind: string;
  id: string;
  displayName: string;
  description: string;
  variableName?: string;
  beginVariableName?: string;
  endVariableName?: string;
  selectionType?: string;
  includeAllOption?: boolean;
  defaultValue: { kind: string };
  dataSource?: { kind: string; columns: { value: string; label: string }; queryRef: { kind: string; queryId: string } };
  showOnPages: { kind: string };
}

const GRID_WIDTH = 24;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const words = (text: string) => text.split(" ");
const CHART_OPTIONS = words(
  "multipleYAxes hideLegend legendLocation xColumnTitle xColumn yColumns seriesColumns xAxisScale verticalLine " +
    "crossFilterDisabled drillthroughDisabled crossFilter drillthrough selectedDataOnLoad dataPointsTooltip",
);
const VISUAL_OPTIONS: Record<string, string[]> = {
  markdownCard: [],
  multistat: words(
    "multiStat__textSize multiStat__valueColumn colorRulesDisabled colorStyle multiStat__displayOrientation " +
      "multiStat__labelColumn multiStat__slot colorRules",
  ),
  table: words(
    "table__enableRenderLinks colorRulesDisabled colorStyle crossFilterDisabled drillthroughDisabled crossFilter " +
      "drillthrough table__renderLinks colorRules",
  ),
  timechart: CHART_OPTIONS,
  line: CHART_OPTIONS,
  area: CHART_OPTIONS,
  stackedarea: CHART_OPTIONS,
  column: CHART_OPTIONS,
  stackedcolumn: CHART_OPTIONS,
  bar: CHART_OPTIONS,
};
const COLORS = ["red", "yellow", "green", "blue"];

/** What would keep the service from loading a dashboard file, or a tile from showing what it should. */
export function structureProblems(file: DashboardFile): string[] {
  return [
    ...keyProblems(file),
    ...idProblems(file),
    ...referenceProblems(file),
    ...variableProblems(file),
    ...layoutProblems(file),
    ...visualProblems(file),
  ];
}

function keyProblems(file: DashboardFile): string[] {
  const keys: [string, object[], string, string?][] = [
    [
      "the file",
      [file],
      "$schema id eTag title schema_version tiles baseQueries parameters dataSources pages queries",
      "autoRefresh",
    ],
    ["a base query", file.baseQueries, "id queryId variableName"],
    ["a data source", file.dataSources, "id kind scopeId name clusterUri database"],
    ["a page", file.pages, "id name"],
    ["a query", file.queries, "id dataSource text usedVariables"],
    [
      "a tile",
      file.tiles,
      "id title visualType pageId layout visualOptions",
      "description queryRef markdownText hideTitle",
    ],
    ["a layout", file.tiles.map(({ layout }) => layout), "x y width height"],
    [
      "a parameter",
      file.parameters,
      "kind id displayName description defaultValue showOnPages",
      "variableName beginVariableName endVariableName selectionType includeAllOption dataSource",
    ],
  ];
  const problems = keys.flatMap(([what, objects, required, optional]) =>
    objects.flatMap((object) => {
      const present = Object.keys(object);
      const allowed = [...words(required), ...words(optional ?? "")];
      return [
        ...present.filter((key) => !allowed.includes(key)).map((key) => `${what} has an unknown key ${key}`),
        ...words(required)
          .filter((key) => !present.includes(key))
          .map((key) => `${what} lacks ${key}`),
      ];
    }),
  );
  if (file.schema_version !== "60") problems.push(`schema_version is ${file.schema_version}, not "60"`);
  if (file.$schema !== `https://dataexplorer.azure.com/static/d/schema/${file.schema_version}/dashboard.json`) {
    problems.push("$schema and schema_version differ");
  }
  return problems;
}

function idProblems(file: DashboardFile): string[] {
  const lists = [file.tiles, file.baseQueries, file.parameters, file.dataSources, file.pages, file.queries];
  const ids = [file.id, ...lists.flat().map(({ id }) => id), ...file.tiles.flatMap(colorRules).map(({ id }) => id)];
  return [
    ...ids.filter((id) => !UUID.test(id)).map((id) => `${id} is no UUID`),
    ...repeated(ids).map((id) => `the id ${id} is used twice`),
  ];
}

function referenceProblems(file: DashboardFile): string[] {
  const references = [
    ...file.tiles.flatMap(({ queryRef }) => queryRef?.queryId ?? []),
    ...file.baseQueries.map(({ queryId }) => queryId),
    ...file.parameters.flatMap(({ dataSource }) => dataSource?.queryRef.queryId ?? []),
  ];
  const has = (list: { id: string }[], id: string) => list.some((item) => item.id === id);
  return [
    ...repeated(references).map((id) => `the query ${id} is referenced twice`),
    ...references.filter((id) => !has(file.queries, id)).map((id) => `there is no query ${id}`),
    ...file.queries.filter(({ id }) => !references.includes(id)).map(({ id }) => `the query ${id} is not referenced`),
    ...file.tiles.filter(({ pageId }) => !has(file.pages, pageId)).map(({ title }) => `${title}: no such page`),
    ...file.pages
      .filter(({ id }) => !file.tiles.some((tile) => tile.pageId === id))
      .map(({ name }) => `${name} is empty`),
    ...file.queries
      .filter(({ dataSource }) => !has(file.dataSources, dataSource.dataSourceId))
      .map(({ id }) => `the query ${id} has no data source`),
  ];
}

/** The variables that a dashboard declares, and what KQL stands for each. */
export function declarations(file: DashboardFile): Map<string, string> {
  const declared = new Map<string, string>();
  for (const parameter of file.parameters) {
    if (parameter.kind === "duration") {
      declared.set(parameter.beginVariableName!, "datetime(2025-01-23)");
      declared.set(parameter.endVariableName!, "datetime(2025-01-24)");
    } else {
      declared.set(parameter.variableName!, parameter.selectionType === "array" ? "dynamic(null)" : '""');
    }
  }
  for (const { queryId, variableName } of file.baseQueries) {
    declared.set(variableName, file.queries.find(({ id }) => id === queryId)?.text ?? "");
  }
  return declared;
}

function variableProblems(file: DashboardFile): string[] {
  const declared = declarations(file);
  const names = [...declared.keys()];
  const count = file.parameters.flatMap((item) =>
    [item.variableName, item.beginVariableName, item.endVariableName].filter(Boolean),
  );
  const problems = repeated([...(count as string[]), ...file.baseQueries.map(({ variableName }) => variableName)]).map(
    (name) => `the variable ${name} is declared twice`,
  );
  for (const { text, usedVariables, id } of file.queries) {
    const inText = new Set(text.match(/\w+/g));
    for (const name of usedVariables) {
      if (!declared.has(name)) problems.push(`the query ${id} uses ${name}, which nothing declares`);
      if (!inText.has(name)) problems.push(`the query ${id} lists ${name} and does not use it`);
    }
    for (const name of names.filter((name) => inText.has(name) && !usedVariables.includes(name))) {
      problems.push(`the query ${id} uses ${name} and does not list it`);
    }
  }
  const used = new Set(file.queries.flatMap(({ usedVariables }) => usedVariables));
  return [...problems, ...names.filter((name) => !used.has(name)).map((name) => `the variable ${name} is not used`)];
}

function layoutProblems(file: DashboardFile): string[] {
  const problems: string[] = [];
  for (const [index, tile] of file.tiles.entries()) {
    const { x, y, width, height } = tile.layout;
    if (![x, y, width, height].every(Number.isInteger)) problems.push(`${tile.title}: not on the grid`);
    if (x < 0 || y < 0 || width < 1 || height < 1 || x + width > GRID_WIDTH)
      problems.push(`${tile.title}: outside the grid`);
    for (const other of file.tiles.slice(index + 1)) {
      if (other.pageId === tile.pageId && overlap(tile, other))
        problems.push(`${tile.title} and ${other.title} overlap`);
    }
  }
  return problems;
}

/** The service needs three columns and three rows of the grid for each stat of a multistat (seen in its own error). */
const CELLS_PER_STAT = 3;

function statProblems(tile: Tile): string[] {
  const slot = tile.visualOptions.multiStat__slot as { width: number; height: number } | undefined;
  if (!slot) return [];
  const { width, height } = tile.layout;
  const fits = width >= slot.width * CELLS_PER_STAT && height >= slot.height * CELLS_PER_STAT;
  return fits ? [] : [`${tile.title}: ${slot.width} stats need ${slot.width * CELLS_PER_STAT} columns`];
}

function overlap({ layout: a }: Tile, { layout: b }: Tile): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function visualProblems(file: DashboardFile): string[] {
  return file.tiles.flatMap((tile) => {
    const { title, visualType, visualOptions, queryRef, markdownText } = tile;
    const options = VISUAL_OPTIONS[visualType];
    if (!options) return [`${title}: unknown visual ${visualType}`];
    const problems = [
      ...Object.keys(visualOptions)
        .filter((key) => !options.includes(key))
        .map((key) => `${title}: unknown option ${key}`),
      ...options.filter((key) => !(key in visualOptions)).map((key) => `${title}: option ${key} is missing`),
      ...colorRules(tile)
        .filter(({ color }) => !COLORS.includes(color))
        .map(({ color }) => `${title}: unknown colour ${color}`),
      ...statProblems(tile),
    ];
    if (title.trim() === "") problems.push(`${tile.id}: no title`);
    if (visualType === "markdownCard") {
      if (!markdownText || queryRef) problems.push(`${title}: a text tile has text and no query`);
    } else if (!queryRef || markdownText !== undefined) problems.push(`${title}: a tile has a query and no text`);
    return problems;
  });
}

export function colorRules({ visualOptions }: Tile): { id: string; color: string; conditions: { column: string }[] }[] {
  return (visualOptions.colorRules ?? []) as ReturnType<typeof colorRules>;
}

/** The columns that a tile expects of its query; those it draws as numbers apart. */
export function expectedColumns(tile: Tile): { any: string[]; numbers: string[] } {
  const { xColumn, yColumns, seriesColumns, multiStat__labelColumn, multiStat__valueColumn } = tile.visualOptions;
  const names = (value: unknown) => (Array.isArray(value) ? value : [value]).filter((name) => typeof name === "string");
  const colored = colorRules(tile).flatMap(({ conditions }) => conditions.map(({ column }) => column));
  return {
    any: [xColumn, seriesColumns, multiStat__labelColumn, multiStat__valueColumn].flatMap(names).concat(colored),
    numbers: names(yColumns),
  };
}

function repeated(values: string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
