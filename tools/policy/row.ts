/** A row of HubbleFlows, or of HubbleEdges, which has columns of the same names and meanings. */
export type ObservedRow = Readonly<Record<string, unknown>>;

export type Side = "Source" | "Destination";

/** A column's text; empty where it is missing. */
export function text(row: ObservedRow, column: string): string {
  const value = row[column];
  return typeof value === "string" ? value : "";
}

/** A column's number; undefined where it is missing. */
export function number(row: ObservedRow, column: string): number | undefined {
  const value = row[column];
  return typeof value === "number" ? value : undefined;
}

/** The texts in a column that holds a list. */
export function list(row: ObservedRow, column: string): string[] {
  const value = row[column];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}
