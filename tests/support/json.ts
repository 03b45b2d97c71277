import { parseTree, type Node } from "jsonc-parser";

/** A JSON value that keeps what JSON.parse loses: the digits of numbers, the order of keys, keys that stand twice. */
export type Json = null | boolean | string | JsonNumber | Json[] | JsonObject;

/** A number as its source text. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** An object as its members in source order. */
export class JsonObject {
  constructor(readonly members: [name: string, value: Json][] = []) {}

  get names(): string[] {
    return this.members.map(([name]) => name);
  }

  /** The last value under `name`; undefined where there is none. */
  get(name: string): Json | undefined {
    return this.members.findLast((member) => member[0] === name)?.[1];
  }

  has(name: string): boolean {
    return this.members.some((member) => member[0] === name);
  }
}

/**
 * Parses JSON text.
 * @throws SyntaxError for anything that RFC 8259 does not allow.
 */
export function parseJson(text: string): Json {
  JSON.parse(text);
  return fromNode(parseTree(text)!, text);
}

/**
 * A text that is the same for two values exactly if they are equal, whatever the order of their keys; numbers are equal
 * if they are written alike. One level a line, for readable differences.
 */
export function canonicalText(value: Json): string {
  return indented(value, "");
}

/** The first key that stands twice in one of the given objects, or undefined. */
export function duplicateKey(...objects: (Json | undefined)[]): string | undefined {
  for (const object of objects) {
    if (!(object instanceof JsonObject)) continue;
    const seen = new Set<string>();
    for (const name of object.names) {
      if (seen.has(name)) return name;
      seen.add(name);
    }
  }
  return undefined;
}

/** Whether all strings of a value, keys included, are free of lone surrogates. */
export function isWellFormed(value: Json): boolean {
  if (typeof value === "string") return !/\p{Surrogate}/u.test(value);
  if (Array.isArray(value)) return value.every(isWellFormed);
  if (value instanceof JsonObject) return value.members.every((member) => member.every(isWellFormed));
  return true;
}

/** Makes a Json of what `JSON.parse` returns. */
export function fromJs(value: unknown): Json {
  return parseJson(JSON.stringify(value));
}

function fromNode(node: Node, text: string): Json {
  switch (node.type) {
    case "number":
      return new JsonNumber(text.slice(node.offset, node.offset + node.length));
    case "array":
      return node.children!.map((item) => fromNode(item, text));
    case "object":
      return new JsonObject(
        node.children!.map((property) => [
          property.children![0]!.value as string,
          fromNode(property.children![1]!, text),
        ]),
      );
    default:
      return node.value as Json;
  }
}

function indented(value: Json, indent: string): string {
  const inner = indent + "  ";
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) {
    return value.length === 0
      ? "[]"
      : `[\n${value.map((item) => inner + indented(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (value instanceof JsonObject) {
    if (value.members.length === 0) return "{}";
    const lines = value.members.map(([name, item]) => `${inner}${JSON.stringify(name)}: ${indented(item, inner)}`);
    return `{\n${lines.sort().join(",\n")}\n${indent}}`;
  }
  return JSON.stringify(value);
}
