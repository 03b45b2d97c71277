/** Rows on their way to the engine: what Fluent Bit would send of each, in UTF-8, with a line feed between two. */
export interface RowBatch {
  bytes: Uint8Array<ArrayBuffer>;
  rows: number;
}

/** A batch is handed on when its rows are this long. */
export const charactersPerBatch = 1 << 20;

/** @param rows JSON objects as the filter returns them; valid, so that line feeds stand only between their tokens. */
export function rowBatch(rows: readonly string[]): RowBatch {
  const lines = rows.map((row) => wrapped(wellFormed(row.includes("\n") ? row.replaceAll("\n", " ") : row)));
  return { bytes: new TextEncoder().encode(lines.join("\n")), rows: rows.length };
}

/** A row as Fluent Bit's azure_kusto output sends it with `log_key log` and without tag and timestamp. */
export function wrapped(rowJson: string): string {
  return `{"log":${rowJson}}`;
}

/**
 * The JSON with escapes of lone surrogates as U+FFFD: DuckDB, like any strict reader, takes a text with them for no JSON,
 * and UTF-8 has no bytes for them.
 */
export function wellFormed(json: string): string {
  if (!/\\ud[89a-f]/i.test(json)) return json;
  return json.replaceAll(
    /\\u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})|\\\\|\\u(d[89a-f][\da-f]{2})/gi,
    (match, _high, _low, lone) => (lone === undefined ? match : "\\ufffd"),
  );
}
