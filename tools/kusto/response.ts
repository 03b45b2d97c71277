interface ResponseTable {
  Columns: { ColumnName: string }[];
  Rows: unknown[];
}

/** Whether a file that begins with this line is one JSON value as a whole, and not one a line. */
export function isWholeJson(firstLine: string): boolean {
  const text = firstLine.trim();
  return text.startsWith("[") || text === "{" || /^\{\s*"Tables"/.test(text);
}

/**
 * The rows of an answer of Azure Data Explorer's REST API, v1 (`{"Tables": […]}`, whose first table is the answer) or v2
 * (a list of frames), or of a list of objects.
 * @returns undefined where it is none of them.
 */
export function rowsOfResponse(value: unknown): Record<string, unknown>[] | undefined {
  const frames = Array.isArray(value) ? (value as unknown[]) : undefined;
  const table = frames ? frames.find(isPrimary) : (value as { Tables?: unknown[] } | null)?.Tables?.[0];
  if (isTable(table)) return table.Rows.filter(Array.isArray).map((row) => objectOf(table, row as unknown[]));
  return frames?.every(isObject) && !frames.some((frame) => "FrameType" in frame) ? frames : undefined;
}

function isPrimary(frame: unknown): boolean {
  return isObject(frame) && frame.TableKind === "PrimaryResult";
}

function isTable(value: unknown): value is ResponseTable {
  return isObject(value) && Array.isArray(value.Columns) && Array.isArray(value.Rows);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectOf({ Columns }: ResponseTable, row: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(Columns.map(({ ColumnName }, i) => [ColumnName, row[i]]));
}
