import { styleText } from "node:util";
import { batches, type BatchLimits } from "./batches.js";
import { fitted, fullWidth, type Cell } from "../text/cell-text.js";
import type { Row } from "./flatten-log.js";

export interface TableColumn {
  title: string;
  /** A column that gives room to others keeps at least this many characters. */
  minWidth: number;
  /** However long its cells are, a column takes no more than this, except the last one where there is room. */
  maxWidth: number;
}

export interface TableLayout<Item = Row> {
  columns: readonly TableColumn[];
  /** The row's cells, in the order of the columns, which they fill, free of control characters. */
  cells: (row: Item) => Cell[];
}

export interface TableOptions {
  /** The terminal's width in characters; without one, columns are as wide as their cells. */
  width?: number | undefined;
  color: boolean;
}

const page: BatchLimits = { items: 200, milliseconds: 250 };
const gap = "  ";

/**
 * Rows as a table for people, in pages: a page's cells set the widths of its columns, which never get narrower again.
 * On a terminal the table is fitted to its width; what is longer is cut.
 */
export async function* formatTable<Item>(
  rows: AsyncIterable<Item>,
  layout: TableLayout<Item>,
  { width, color }: TableOptions,
): AsyncGenerator<string> {
  let wanted = layout.columns.map(({ title }) => title.length);
  let isFirst = true;
  for await (const batch of batches(rows, page)) {
    const cells = batch.map((row) => layout.cells(row));
    wanted = widened(wanted, cells, layout);
    const widths = width === undefined ? wanted : fittedWidths(wanted, layout, width);
    const lines = isFirst ? [...header(layout, widths), ...cells] : cells;
    isFirst = false;
    yield lines.map((line) => `${rendered(line, widths, color)}\n`).join("");
  }
}

function header({ columns }: Pick<TableLayout, "columns">, widths: number[]): Cell[][] {
  return [
    columns.map(({ title }) => ({ text: title, style: "bold" })),
    widths.map((width) => ({ text: "─".repeat(width), style: "gray" })),
  ];
}

/** How wide the table is at least, in terminal columns. */
export function leastWidth({ columns }: Pick<TableLayout, "columns">): number {
  return spanWidth(columns.map(({ minWidth }) => minWidth));
}

/** Cells that take several columns fit into what the others need. */
function widened(widths: number[], rows: Cell[][], { columns }: Pick<TableLayout, "columns">): number[] {
  const wider = [...widths];
  for (const { cell, column } of rows.flatMap(placed)) {
    if (cell.span !== undefined) continue;
    wider[column] = Math.max(wider[column]!, Math.min(fullWidth(cell), columns[column]!.maxWidth));
  }
  return wider;
}

/** Takes from the widest column that can give, one character at a time, until the table fits the terminal. */
function fittedWidths(wanted: number[], { columns }: Pick<TableLayout, "columns">, available: number): number[] {
  const widths = [...wanted];
  const taken = () => spanWidth(widths);
  while (taken() > available) {
    let widest = -1;
    widths.forEach((width, index) => {
      if (width > columns[index]!.minWidth && (widest < 0 || width > widths[widest]!)) widest = index;
    });
    if (widest < 0) break;
    widths[widest]! -= 1;
  }
  widths[widths.length - 1]! += Math.max(0, available - taken());
  return widths;
}

function rendered(row: Cell[], widths: number[], color: boolean): string {
  const texts = placed(row).map(({ cell, column }) => {
    const text = fitted(cell, spanWidth(widths.slice(column, column + (cell.span ?? 1))));
    return color && cell.style ? styled(cell.style, text) : text;
  });
  return texts.join(gap).trimEnd();
}

/** Each cell with the index of the column that it begins in. */
function placed(row: Cell[]): { cell: Cell; column: number }[] {
  let column = 0;
  return row.map((cell) => {
    const place = { cell, column };
    column += cell.span ?? 1;
    return place;
  });
}

function spanWidth(widths: number[]): number {
  return widths.reduce((sum, width) => sum + gap.length + width, -gap.length);
}

/** Whether there are colours is decided before, for standard output; styleText's own test differs between Nodes. */
function styled(style: NonNullable<Cell["style"]>, text: string): string {
  const content = text.trimEnd();
  return styleText(style, content, { validateStream: false }) + text.slice(content.length);
}

/** Items that are there already, for a table that takes them as they come. */
// eslint-disable-next-line @typescript-eslint/require-await -- nothing has to be waited for
export async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
