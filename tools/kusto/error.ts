import { UserError } from "../user-error.js";

/** A place in a text: line and column from 1. */
export interface Position {
  line: number;
  column: number;
}

/**
 * A mistake in KQL, or something in it that the embedded engine does not cover. The message names the line and the column
 * and shows the line with a caret under the place.
 */
export class KustoError extends UserError {
  readonly position: Position | undefined;
  /** The message alone, without the place. */
  readonly reason: string;

  constructor(reason: string, text?: string, start?: number) {
    const position = text === undefined || start === undefined ? undefined : positionOf(text, start);
    super(position ? `${reason}\n${excerpt(text!, position)}` : reason);
    this.reason = reason;
    this.position = position;
  }
}

/** The line and column, from 1, of an offset in a text. */
export function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

function excerpt(text: string, { line, column }: Position): string {
  const source = text.split("\n")[line - 1]!.replaceAll("\t", " ").replace(/\r$/, "");
  // A query on one long line is cut around the place.
  const from = Math.max(0, column - 60);
  const shown = source.slice(from, from + 110);
  const label = `line ${line}, column ${column}: `;
  return `${label}${shown}\n${" ".repeat(label.length + column - 1 - from)}^`;
}
