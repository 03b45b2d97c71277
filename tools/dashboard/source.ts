import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "../package-file.js";

/** The colours that Azure Data Explorer's colour rules know. */
export type Color = "red" | "yellow" | "green" | "blue";

/** Column, width and height count cells of a grid that is 24 cells wide; y grows downwards. */
export type Place = [x: number, y: number, width: number, height: number];

export interface QueryTile {
  title: string;
  description?: string;
  visual: "multistat" | "table" | "timechart" | "column" | "stackedcolumn" | "bar" | "graph";
  at: Place;
  query: string;
  xColumn?: string;
  yColumns?: string[];
  seriesColumns?: string[];
  yTitle?: string;
  colors?: Record<string, Record<string, Color>>;
  stack?: number;
}

export interface TextTile {
  title: string;
  at: Place;
  markdown: string;
}

export type Tile = QueryTile | TextTile;

export interface Page {
  /** The name of the page's source file, stable when the title changes. */
  key: string;
  name: string;
  tiles: Tile[];
}

/** A parameter with a query is a list of which several values can be chosen; without one it is free text. */
export interface Parameter {
  name: string;
  variable: string;
  description?: string;
  column?: string;
  query?: string;
}

/** A dashboard before it is put into the format of a product. */
export interface DashboardSource {
  title: string;
  time: { name: string; from: string; to: string; hours: number };
  parameters: Parameter[];
  /** Tabular expressions that the tiles' queries start from, by the name under which they use them. */
  base: Record<string, string>;
  pages: Page[];
}

/**
 * Reads the sources of the dashboard, `adx/dashboard/*.yaml`.
 * @throws Error naming the file when one cannot be read or is not YAML.
 */
export function loadDashboard(): DashboardSource {
  const frame = readYaml("dashboard") as Omit<DashboardSource, "pages"> & { pages: string[] };
  return { ...frame, pages: frame.pages.map((key) => ({ key, ...(readYaml(key) as Omit<Page, "key">) })) };
}

function readYaml(name: string): unknown {
  return parse(readFileSync(packageFile(`adx/dashboard/${name}.yaml`), "utf8"));
}

/** The variables, of those given, that a query uses, in the order given. */
export function usedVariables(query: string, variables: string[]): string[] {
  const words = new Set(query.match(/\w+/g));
  return variables.filter((variable) => words.has(variable));
}
