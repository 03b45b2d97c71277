import { parseTree, type Node } from "jsonc-parser";

/** One value of a row. */
export interface RowValue {
  type: NonNullable<Node["type"]>;
  /** Its JSON, digit for digit as it stands in the row. */
  json: string;
  /** What a person reads: a string's characters, the JSON of everything else. */
  text: string;
}

/**
 * The values of a row by column. Unlike JSON.parse it keeps every digit of a number, and dynamic values as they stand.
 * @param json a JSON object, as the filter returns it.
 */
export function readRow(json: string): Map<string, RowValue> {
  const values = new Map<string, RowValue>();
  for (const { children } of parseTree(json)?.children ?? []) {
    const [key, value] = children ?? [];
    if (!key || !value) continue;
    const valueJson = json.slice(value.offset, value.offset + value.length);
    const text = value.type === "string" ? (value.value as string) : valueJson;
    values.set(key.value as string, { type: value.type, json: valueJson, text });
  }
  return values;
}
