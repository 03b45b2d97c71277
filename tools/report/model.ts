import type { Color, Place, QueryTile } from "../dashboard/source.js";

/** A value as the page gets it: a long beyond 2^53 and a real that is no number are texts. */
export type Cell = string | number | boolean | null;

/** A column of a tile's answer, with its KQL type. */
export interface ResultColumn {
  name: string;
  type: string;
}

/** A tile with the answer of its query. */
export interface ResultTile extends Pick<
  QueryTile,
  "title" | "description" | "visual" | "xColumn" | "yColumns" | "seriesColumns" | "yTitle" | "stack"
> {
  at: Place;
  colors?: Record<string, Record<string, Color>>;
  /** The query as it was run, ready to be pasted into Azure Data Explorer. */
  kql: string;
  columns: ResultColumn[];
  rows: Cell[][];
  /** How many rows the query gave, where they are more than `rows`. */
  total?: number;
  /** Why there is no answer. */
  error?: string;
}

/** A tile of text: `**bold**` and `code` are all the markup that it knows. */
export interface TextTile {
  title: string;
  at: Place;
  markdown: string;
}

export interface ResultPage {
  key: string;
  name: string;
  tiles: (ResultTile | TextTile)[];
}

/** All that the page shows. */
export interface Report {
  title: string;
  /** Where the flows come from, as it was named on the command line. */
  sources: string[];
  /** How many rows the table has. */
  rows: number;
  /** The times of the oldest and the newest row, ISO 8601 in UTC; absent without rows. */
  from?: string;
  to?: string;
  pages: ResultPage[];
}
