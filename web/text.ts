import { printable } from "../tools/text/cell-text.js";
import type { Cell } from "../tools/report/model.js";

/** At most so many characters, without half of a pair at the end. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

const number = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 });

/** A number with separators. */
export function numberText(value: number): string {
  return number.format(value);
}

/** A value as it stands in a cell; times in UTC without the parts that say nothing. */
export function cellText(value: Cell, type: string): string {
  if (value === null || value === "") return "";
  // An int is a port or a code, a long a count.
  if (typeof value === "number") return type === "int" ? String(value) : numberText(value);
  if (type === "long" && typeof value === "string" && /^-?\d+$/.test(value))
    return BigInt(value).toLocaleString("en-US");
  if (type === "datetime" && typeof value === "string") return timeText(value);
  if (type === "dynamic" && typeof value === "string") return printable(listText(value));
  return printable(String(value));
}

/** A list of plain values with commas between them; other JSON as it stands. */
function listText(json: string): string {
  if (!json.startsWith("[")) return json;
  try {
    const values = JSON.parse(json) as unknown[];
    return values.some((value) => typeof value === "object") ? json : values.join(", ");
  } catch {
    // Cut where it was too long.
    return json;
  }
}

/** `2026-03-04 09:14:03` of an ISO 8601 time in UTC. */
export function timeText(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

/** The time where the reader is, for a hint. */
export function localTimeText(iso: string): string {
  return `${new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" })} (local time)`;
}
