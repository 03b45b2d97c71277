import type { BatchLimits } from "./batches.js";
import { batches } from "./batches.js";
import type { Row } from "./flatten-log.js";
import { readRow } from "./row-values.js";

const limits: BatchLimits = { items: 256, milliseconds: 100 };

/**
 * Rows as JSON lines.
 * @param columns the columns to give, in this order, those that a row doesn't have left out; without them, rows are
 *   given byte for byte as the filter returned them.
 */
export async function* formatJsonLines(rows: AsyncIterable<Row>, columns?: readonly string[]): AsyncGenerator<string> {
  for await (const batch of batches(rows, limits)) {
    yield batch.map(({ json }) => `${columns ? pick(json, columns) : json}\n`).join("");
  }
}

function pick(json: string, columns: readonly string[]): string {
  const values = readRow(json);
  const members = columns.flatMap((column) => {
    const value = values.get(column);
    return value ? [`${JSON.stringify(column)}:${value.json}`] : [];
  });
  return `{${members.join(",")}}`;
}
