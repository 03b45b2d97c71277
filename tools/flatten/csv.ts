import { csvLine } from "../text/csv.js";
import { batches, type BatchLimits } from "./batches.js";
import type { Row } from "./flatten-log.js";
import { readRow, type RowValue } from "./row-values.js";

const limits: BatchLimits = { items: 256, milliseconds: 100 };

export interface CsvOptions {
  /**
   * Whether text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-` or `@`) gets a `'` before it.
   * Names, URLs and labels in flows are chosen by whoever runs in the cluster, or is asked for by name.
   */
  escapeFormulas: boolean;
}

/** Rows as CSV (RFC 4180): a header, then a line for each row; dynamic values as their JSON text. */
export async function* formatCsv(
  rows: AsyncIterable<Row>,
  columns: readonly string[],
  { escapeFormulas }: CsvOptions,
): AsyncGenerator<string> {
  yield csvLine(columns, false);
  for await (const batch of batches(rows, limits)) {
    yield batch
      .map(({ json }) => {
        const values = readRow(json);
        const fields = columns.map((column) => csvField(values.get(column)));
        return csvLine(fields, escapeFormulas);
      })
      .join("");
  }
}

/** A number goes out as one, so that a negative one is not taken for a formula, unless it would lose digits. */
function csvField(value: RowValue | undefined): string | number {
  if (!value) return "";
  const number = Number(value.text);
  return value.type === "number" && String(number) === value.text ? number : value.text;
}
