import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Document, Node, Scalar } from "yaml";
import type { Finding } from "./finding.js";

/** A YAML value together with the line it stands on (from 1, in the file that a person has open). */
export type Located = LocatedScalar | LocatedList | LocatedMap;

export interface LocatedScalar {
  kind: "scalar";
  line: number;
  value: string | number | boolean | null;
  /** Whether it stands in quotes, so that no word of it is a number or a boolean. */
  quoted: boolean;
  /** The line of the value's own first line, and whether each of its lines is a line of the file (a `|` block). */
  text: { line: number; block: boolean };
}

export interface LocatedList {
  kind: "list";
  line: number;
  items: Located[];
}

export interface LocatedMap {
  kind: "map";
  line: number;
  /** Keys that stand there once more; the last value is that of the key. */
  doubled?: { key: string; line: number }[];
  entries: Map<string, { line: number; value: Located }>;
}

/** Where a text stands: its file, the line of its first line, and whether its lines are lines of the file. */
export interface TextPlace {
  file: string;
  line: number;
  block: boolean;
}

/**
 * Parses YAML (or JSON) that may hold several documents. Where it is no valid YAML, `findings` says why and at what
 * line, and the documents concerned are left out.
 * @param remedy what stands with such a finding: what happens to the file until it is mended.
 */
export function parseLocated(
  text: string,
  place: TextPlace,
  remedy = "mend the YAML; Cilium keeps the configuration it had until it can read the new one",
): { documents: Located[]; findings: Finding[] } {
  const counter = new LineCounter();
  const lineAt = (offset: number) => (place.block ? place.line + counter.linePos(offset).line - 1 : place.line);
  const documents: Located[] = [];
  const findings: Finding[] = [];
  for (const document of parseAllDocuments(text, { lineCounter: counter, uniqueKeys: false })) {
    if (!("errors" in document)) continue;
    // Only the first error of a document: the others are mostly its consequences.
    const error = document.errors[0];
    if (error) {
      findings.push({
        severity: "error",
        file: place.file,
        line: lineAt(error.pos[0]),
        message: `this is not valid YAML: ${error.message.split("\n")[0]!.replace(/ at line \d+, column \d+:?$/, "")}`,
        remedy,
      });
    }
    if (!error && document.contents) documents.push(locate(document.contents, document, lineAt));
  }
  return { documents, findings };
}

function locate(node: Node, document: Document, lineAt: (offset: number) => number): Located {
  const resolved = isAlias(node) ? (node.resolve(document) ?? node) : node;
  const line = lineAt(node.range?.[0] ?? 0);
  if (isMap(resolved)) {
    const entries: LocatedMap["entries"] = new Map();
    const doubled: LocatedMap["doubled"] = [];
    for (const { key, value } of resolved.items) {
      const keyNode = key as Scalar;
      const keyLine = lineAt(keyNode.range?.[0] ?? 0);
      if (entries.has(String(keyNode.value))) doubled.push({ key: String(keyNode.value), line: keyLine });
      entries.set(String(keyNode.value), {
        line: keyLine,
        value: value ? locate(value as Node, document, lineAt) : nullAt(keyLine),
      });
    }
    return { kind: "map", line, entries, ...(doubled.length > 0 ? { doubled } : {}) };
  }
  if (isSeq(resolved)) {
    return { kind: "list", line, items: resolved.items.map((item) => locate(item as Node, document, lineAt)) };
  }
  if (!isScalar(resolved)) return nullAt(line);
  const block = resolved.type === "BLOCK_LITERAL";
  const value = resolved.value as LocatedScalar["value"] | bigint;
  return {
    kind: "scalar",
    line,
    value: typeof value === "bigint" ? Number(value) : value,
    quoted: resolved.type !== "PLAIN",
    text: { line: block ? line + 1 : line, block },
  };
}

/** A null that stands at a line. */
export function nullAt(line: number): LocatedScalar {
  return { kind: "scalar", line, value: null, quoted: false, text: { line, block: false } };
}

/** The value under a path of keys, or undefined where one of them is absent. */
export function at(value: Located | undefined, ...keys: string[]): Located | undefined {
  return keys.reduce<Located | undefined>(
    (inner, key) => (inner?.kind === "map" ? inner.entries.get(key)?.value : undefined),
    value,
  );
}

/** The string under a path of keys, or undefined where there is none. */
export function stringAt(value: Located | undefined, ...keys: string[]): string | undefined {
  const found = at(value, ...keys);
  return found?.kind === "scalar" && typeof found.value === "string" ? found.value : undefined;
}

/** Whether it is absent, null, or an empty list or map. */
export function isEmpty(value: Located | undefined): boolean {
  if (!value) return true;
  if (value.kind === "scalar") return value.value === null;
  return value.kind === "list" ? value.items.length === 0 : value.entries.size === 0;
}

/** The plain value, without lines. */
export function plain(value: Located): unknown {
  if (value.kind === "scalar") return value.value;
  if (value.kind === "list") return value.items.map(plain);
  return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

/**
 * A map with its keys as Go's JSON decoder takes them: in any case, and of two that differ only in it the later in the
 * order of bytes.
 */
export function foldKeys(map: LocatedMap, names: readonly string[]): LocatedMap {
  const canonical = new Map(names.map((name) => [name.toLowerCase(), name]));
  const sorted = [...map.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const folded = new Map(sorted.map(([key, entry]) => [canonical.get(key.toLowerCase()) ?? key, entry]));
  return { ...map, entries: folded };
}

/** Every map in a value, itself included. */
export function* maps(value: Located): Generator<LocatedMap> {
  if (value.kind === "scalar") return;
  if (value.kind === "map") yield value;
  const inner = value.kind === "list" ? value.items : [...value.entries.values()].map((entry) => entry.value);
  for (const one of inner) yield* maps(one);
}
