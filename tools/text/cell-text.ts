import stringWidth from "string-width";

/** The text of one table cell. */
export interface Cell {
  text: string;
  /** What follows the text and must stay whole when the text is cut, such as a port. */
  tail?: string;
  style?: CellStyle;
  /** How many columns the cell takes. */
  span?: number;
}

export type CellStyle = "bold" | "green" | "red" | "yellow" | "cyan" | "magenta" | "gray";

/** The terminal columns that the cell takes when nothing is cut. */
export function fullWidth({ text, tail = "" }: Cell): number {
  return stringWidth(text + tail);
}

/** The cell's text in exactly `width` terminal columns, at least 1: what is cut is marked with `…`, the rest is blank. */
export function fitted(cell: Cell, width: number): string {
  const { text, tail = "" } = cell;
  const used = fullWidth(cell);
  if (used <= width) return text + tail + " ".repeat(width - used);
  const room = width - stringWidth(tail) - 1;
  if (room < 1 && tail !== "") return fitted({ text: text + tail }, width);
  const start = startOf(text, room);
  return `${start}…${tail}${" ".repeat(room - stringWidth(start))}`;
}

/** As many of the text's first characters as fit into `room` terminal columns. */
function startOf(text: string, room: number): string {
  let start = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += stringWidth(segment);
    if (used > room) break;
    start += segment;
  }
  return start;
}

const segmenter = new Intl.Segmenter();

/**
 * The text with everything that would move a terminal's cursor, change its colours or turn its direction of writing
 * shown as an escape: names in flows are chosen by others.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => {
    const code = character.codePointAt(0)!;
    return shortEscapes[character] ?? (code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`);
  });
}

const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
const shortEscapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}
