import { styleText } from "node:util";
import Table from "cli-table3";
import { batches, type BatchLimits } from "./batches.js";
import { fitted, fullLength, type Cell } from "./cell-text.js";
import type { Row } from "./flatten-log.js";

export interface TableColumn {
  title: string;
  /** A column narrower than its cells keeps at least this many characters. */
  minWidth: number;
  /** However long its cells are, a column takes no more than this, except the last one where there is room. */
  maxWidth: number;
}

export interface TableLayout {
  columns: readonly TableColumn[];
  /** The row's cells, in the order of the columns, which they fill, free of control characters. */
  cells: (row: Row) => Cell[];
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
export async function* formatTable(
  rows: AsyncIterable<Row>,
  layout: TableLayout,
  { width, color }: TableOptions,
): AsyncGenerator<string> {
  let wanted = layout.columns.map(({ title }) => title.length);
  let isFirst = true;
  for await (const batch of batches(rows, page)) {
    const cells = batch.map((row) => layout.cells(row));
    wanted = widened(wanted, cells, layout);
    const widths = width === undefined ? wanted : fittedWidths(wanted, layout, width);
    if (isFirst) yield header(layout, widths, color);
    isFirst = false;
    yield lines(
      cells.map((row) =>
        place(row).map(({ cell, column }) => rendered(cell, spannedWidth(widths, column, cell), color)),
      ),
      widths,
    );
  }
}

/** Each cell with the index of the column that it begins in. */
function place(row: Cell[]): { cell: Cell; column: number }[] {
  let column = 0;
  return row.map((cell) => {
    const placed = { cell, column };
    column += cell.span ?? 1;
    return placed;
  });
}

function spannedWidth(widths: number[], column: number, { span = 1 }: Cell): number {
  return widths.slice(column, column + span).reduce((sum, width) => sum + gap.length + width, -gap.length);
}

function rendered(cell: Cell, width: number, color: boolean): Table.Cell {
  const text = fitted(cell, width);
  const content = color && cell.style && text !== "" ? style(cell.style, text) : text;
  return cell.span === undefined ? content : { content, colSpan: cell.span };
}

function header({ columns }: TableLayout, widths: number[], color: boolean): string {
  const titles = columns.map(({ title }, index) => fitted({ text: title }, widths[index]!));
  const rules = widths.map((width) => "─".repeat(width));
  return (
    lines([titles.map((title) => (color ? style("bold", title) : title))], widths) +
    lines([rules.map((rule) => (color ? style("gray", rule) : rule))], widths)
  );
}

/** Cells that take several columns fit into what the others need. */
function widened(widths: number[], rows: Cell[][], { columns }: TableLayout): number[] {
  const wider = [...widths];
  for (const { cell, column } of rows.flatMap(place)) {
    if (cell.span !== undefined) continue;
    wider[column] = Math.max(wider[column]!, Math.min(fullLength(cell), columns[column]!.maxWidth));
  }
  return wider;
}

/** Takes from the widest column that can give, one character at a time, until the table fits the terminal. */
function fittedWidths(wanted: number[], { columns }: TableLayout, available: number): number[] {
  const widths = [...wanted];
  const taken = () => widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
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

function lines(cells: Table.Cell[][], widths: number[]): string {
  const table = new Table({ chars: noBorders, style: noStyle, colWidths: widths, truncate: "…" });
  table.push(...cells);
  return `${table.toString().replace(/ +$/gm, "")}\n`;
}

const noBorders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: gap,
};

const noStyle = { "padding-left": 0, "padding-right": 0, head: [], border: [] };

/** Whether there are colours is decided before, for standard output; styleText's own test differs between Nodes. */
function style(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { validateStream: false });
}
