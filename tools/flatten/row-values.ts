/** One value of a row. */
export interface RowValue {
  type: "string" | "number" | "boolean" | "null" | "object" | "array";
  /** Its JSON, digit for digit as it stands in the row. */
  json: string;
  /** What a person reads: a string's characters, the JSON of everything else. */
  text: string;
}

/**
 * The values of a row by column. Unlike JSON.parse it keeps every digit of a number, and dynamic values as they stand.
 * @param json a JSON object, as the filter returns it: what is no valid JSON gives no sensible values.
 */
export function readRow(json: string): Map<string, RowValue> {
  const values = new Map<string, RowValue>();
  let at = skipSpace(json, skipSpace(json, 0) + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    const key = stringAt(json, at, keyEnd);
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const end = endOfValue(json, start);
    values.set(key, valueAt(json, start, end));
    at = skipSpace(json, skipSpace(json, end) + 1);
  }
  return values;
}

function valueAt(json: string, start: number, end: number): RowValue {
  const text = json.slice(start, end);
  switch (json[start]) {
    case '"':
      return { type: "string", json: text, text: stringAt(json, start, end) };
    case "{":
      return { type: "object", json: text, text };
    case "[":
      return { type: "array", json: text, text };
    case "t":
    case "f":
      return { type: "boolean", json: text, text };
    case "n":
      return { type: "null", json: text, text };
    default:
      return { type: "number", json: text, text };
  }
}

function skipSpace(json: string, at: number): number {
  while (at < json.length && json.charCodeAt(at) <= 0x20) at += 1;
  return at;
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (json[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return json.length;
}

function stringAt(json: string, start: number, end: number): string {
  const inner = json.slice(start + 1, end - 1);
  return inner.includes("\\") ? (JSON.parse(json.slice(start, end)) as string) : inner;
}

/** Behind the value that begins at `start`. */
function endOfValue(json: string, start: number): number {
  const first = json[start];
  if (first === '"') return endOfString(json, start);
  if (first !== "{" && first !== "[") {
    let end = start;
    while (end < json.length && !/[\s,}\]]/.test(json[end]!)) end += 1;
    return end;
  }
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const character = json[at];
    if (character === '"') at = endOfString(json, at) - 1;
    else if (character === "{" || character === "[") depth += 1;
    else if ((character === "}" || character === "]") && --depth === 0) return at + 1;
  }
  return json.length;
}
