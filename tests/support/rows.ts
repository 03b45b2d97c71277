import { canonicalText, duplicateKey, isWellFormed, JsonObject, parseJson, type Json } from "./json.js";

/**
 * Reads a row, checking what holds for every row: strict UTF-8 and JSON, one object, no key twice in it or in its
 * AdditionalFields, no lone surrogate.
 * @returns null where the record was dropped.
 * @throws Error saying what is wrong with the row.
 */
export function readRow(reply: Uint8Array | null): JsonObject | null {
  if (reply === null) return null;
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(reply);
  const row = parseJson(text);
  if (!(row instanceof JsonObject)) throw new Error(`not an object: ${text}`);
  const twice = duplicateKey(row, row.get("AdditionalFields"));
  if (twice !== undefined) throw new Error(`the key ${JSON.stringify(twice)} stands twice in ${text}`);
  if (!isWellFormed(row)) throw new Error(`a lone surrogate in ${text}`);
  return row;
}

/**
 * Reads a row and writes it in a form in which two rows are alike if they say the same: in any order of keys, with any
 * reason for a ParseError, numbers as they are written.
 */
export function rowText(reply: Uint8Array | null): string {
  const row = readRow(reply);
  if (row === null) return "dropped";
  return canonicalText(new JsonObject(row.members.map(([name, value]) => [name, anyReason(name, value)])));
}

function anyReason(name: string, value: Json): Json {
  return name === "ParseError" && typeof value === "string" && value !== "" ? "?" : value;
}
