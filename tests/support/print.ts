import { JsonNumber, JsonObject, type Json } from "./json.js";

/**
 * A row of choices made beforehand, so that a property can repeat and shrink them: small numbers, taken in turn and
 * from the start again. 0 is the ordinary choice, and the only one where the row is empty.
 */
export class Choices {
  #index = 0;

  constructor(readonly values: readonly number[]) {}

  /** A number from 0 to `count - 1`. */
  next(count: number): number {
    if (this.values.length === 0) return 0;
    return this.values[this.#index++ % this.values.length]! % count;
  }
}

/**
 * Writes a value as JSON text in one of the ways in which it can be written: with any white space between the tokens,
 * and any character of a string as itself or as any of its escapes. Numbers are written as they are.
 */
export function printJson(value: Json, choices = new Choices([])): string {
  const space = (): string => whiteSpace[choices.next(whiteSpace.length)]!;
  if (value === null || typeof value === "boolean") return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === "string") return printString(value, choices);
  if (Array.isArray(value)) {
    const items = value.map((item) => space() + printJson(item, choices) + space());
    return `[${items.length === 0 ? space() : items.join(",")}]`;
  }
  if (!(value instanceof JsonObject)) throw new TypeError("not a Json");
  const members = value.members.map(
    ([name, item]) =>
      `${space()}${printString(name, choices)}${space()}:${space()}${printJson(item, choices)}${space()}`,
  );
  return `{${members.length === 0 ? space() : members.join(",")}}`;
}

const whiteSpace = ["", "", "", " ", "\n", "\t", "\r\n  "];

const shortEscapes = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["/", "\\/"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function printString(text: string, choices: Choices): string {
  return `"${Array.from(text, (character) => printCharacter(character, choices.next(12))).join("")}"`;
}

function printCharacter(character: string, choice: number): string {
  const mustBeEscaped = character === '"' || character === "\\" || character < " ";
  const short = shortEscapes.get(character);
  if (choice === 1) return escapeUnits(character, (hexadecimal) => hexadecimal);
  if (choice === 2) return escapeUnits(character, (hexadecimal) => hexadecimal.toUpperCase());
  if (mustBeEscaped) return short ?? escapeUnits(character, (hexadecimal) => hexadecimal);
  return choice === 3 && short !== undefined ? short : character;
}

function escapeUnits(character: string, write: (hexadecimal: string) => string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${write(character.charCodeAt(i).toString(16).padStart(4, "0"))}`;
  }).join("");
}
