import { wellFormed, wrapped } from "../kusto/ingestion.js";

/** Rows on their way to the engine: what Fluent Bit would send of each, in UTF-8, with a line feed between two. */
export interface RowBatch {
  bytes: Uint8Array<ArrayBuffer>;
  rows: number;
}

/** @param rows JSON objects as the filter returns them; valid, so that line feeds stand only between their tokens. */
export function rowBatch(rows: readonly string[]): RowBatch {
  const lines = rows.map((row) => wrapped(wellFormed(row.includes("\n") ? row.replaceAll("\n", " ") : row)));
  return { bytes: new TextEncoder().encode(lines.join("\n")), rows: rows.length };
}
