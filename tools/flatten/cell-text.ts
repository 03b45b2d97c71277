/** The text of one table cell. */
export interface Cell {
  text: string;
  /** What follows the text and must stay whole when the text is cut, such as a port. */
  tail?: string;
  style?: CellStyle;
  /** How many columns the cell takes. */
  span?: number;
}

export type CellStyle = "green" | "red" | "yellow" | "cyan" | "magenta" | "gray";

/** The number of characters that the cell takes when nothing is cut. */
export function fullLength({ text, tail = "" }: Cell): number {
  return [...text].length + tail.length;
}

/** The cell's text in at most `width` characters, what is cut marked with `…`. */
export function fitted(cell: Cell, width: number): string {
  const { text, tail = "" } = cell;
  if (fullLength(cell) <= width) return text + tail;
  const room = width - tail.length - 1;
  if (room < 1) return fitted({ text: text + tail }, width);
  return `${[...text].slice(0, room).join("")}…${tail}`;
}

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
