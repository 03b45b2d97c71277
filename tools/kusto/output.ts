import { csvLine } from "../text/csv.js";
import { printable } from "../text/cell-text.js";
import { formatTable, leastWidth, type TableLayout, type TableOptions } from "../flatten/table.js";
import { rowJson, valueText, type KustoResult, type KustoValue } from "./result.js";

export interface OutputOptions extends TableOptions {
  format: "table" | "json" | "csv";
  /** Whether CSV text that a spreadsheet would run as a formula gets a `'` before it. */
  escapeFormulas: boolean;
}

/** Results as text, one after the other, with an empty line between tables and between CSVs. */
export async function* formatResults(results: readonly KustoResult[], options: OutputOptions): AsyncGenerator<string> {
  for (const [index, result] of results.entries()) {
    if (index > 0 && options.format !== "json") yield "\n";
    yield* formatResult(result, options);
  }
}

async function* formatResult(result: KustoResult, options: OutputOptions): AsyncGenerator<string> {
  switch (options.format) {
    case "json":
      for (const row of result.rows) yield `${rowJson(result, row)}\n`;
      return;
    case "csv":
      yield csvLine(
        result.columns.map(({ name }) => name),
        false,
      );
      for (const row of result.rows) yield csvLine(row.map(csvField), options.escapeFormulas);
      return;
    case "table": {
      if (result.rows.length === 0) return;
      const layout = layoutOf(result);
      if (options.width !== undefined && leastWidth(layout) > options.width) yield* records(result);
      else yield* formatTable(eachOf(result.rows), layout, options);
    }
  }
}

function csvField(value: KustoValue): string | number {
  return typeof value === "number" ? value : valueText(value);
}

function layoutOf({ columns }: KustoResult): TableLayout<KustoValue[]> {
  return {
    columns: columns.map(({ name }) => ({ title: printable(name), minWidth: 6, maxWidth: 80 })),
    cells: (row) => row.map((value) => ({ text: printable(valueText(value)) })),
  };
}

/** For tables that a terminal has no room for: a line for each value that there is. */
function* records({ columns, rows }: KustoResult): Generator<string> {
  const titles = columns.map(({ name }) => printable(name));
  const width = Math.max(...titles.map((title) => title.length));
  for (const [index, row] of rows.entries()) {
    const lines = row.flatMap((value, column) => {
      const text = printable(valueText(value));
      return text === "" ? [] : [`${titles[column]!.padEnd(width)}  ${text}\n`];
    });
    yield (index > 0 ? "\n" : "") + lines.join("");
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- tables are made of what comes one by one
async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
