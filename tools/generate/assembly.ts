import { expandPath, type Column, type Run, type Schema } from "../schema.js";

/** What the scanner does with the value of a key; a value that does not fit goes to AdditionalFields. */
const kinds = {
  Text: "any scalar",
  Number: "a number, or a string that holds an integer",
  Bool: "true or false",
  Run: "no value: with the next key starts a run of members that flow after flow repeats together",
  Object: "an object whose keys have rows of their own",
  Protocol: "likewise, and its key is itself a column",
  Repeating: "an object or an array that flow after flow repeats; columns may be taken from its first element too",
  Dynamic: "an object or an array",
  TrueKeys: "an object of flags",
  Timestamp: "an RFC 3339 time",
  Members: "an object or an array; columns are taken from its members too",
  End: "no key: the end of an object's rows",
} as const;

type Kind = keyof typeof kinds;

interface Row {
  kind: Kind;
  slot?: string;
  child?: ObjectTable;
}

/** An object of the flow: the rows of its keys, by key. */
interface ObjectTable {
  path: string;
  /** How many containers are open inside the object: the event's braces are the first, the flow's the second. */
  depth: number;
  /** Whether its values stand elsewhere too, so that what has no row can be passed over. */
  isCopy: boolean;
  rows: Map<string, Row>;
}

const KEY_ORDER_OF_COPIES: Record<string, string> = {
  "source.workloads[0]": "workload",
  "destination.workloads[0]": "workload",
  "egress_denied_by[0]": "policy",
  "ingress_denied_by[0]": "policy",
  "egress_allowed_by[0]": "policy",
  "ingress_allowed_by[0]": "policy",
};

/**
 * `assembly/flow/tables.ts`: the flow's objects and their keys as the words that the scanner compares, the columns'
 * names as the words that the writer stores, and the numbers by which both know them.
 * @throws Error when two paths of the schema contradict each other, or a name or key is too long.
 */
export function assemblyTables(schema: Schema): string {
  const slots = rowOrder(schema);
  const rowSlots = slots.length;
  const objects = buildObjects(schema, slots);
  const layout = layOut(objects, schema, slots);
  const example = rowWords("uuid", '"', "Text", slots.indexOf("UUID"), 0);
  return `// Generated from schema/columns.yaml by \`npm run generate\` (tools/generate/assembly.ts). Do not edit.

/** What the scanner does with the value of a key. What does not fit goes to AdditionalFields. */
export const enum Kind {
${Object.entries(kinds)
  .map(([name, meaning]) => `  /** ${capitalize(meaning)}. */\n  ${name},`)
  .join("\n")}
}

/**
 * Where the scanner puts a value: what the row is made of in its order, then the values that columns are made from. A
 * run has a slot for all its columns at once, and theirs follow it.
 */
export const enum Slot {
${slots.map((slot) => `  ${slot},`).join("\n")}
  count,
}

/** How many of the slots make the row. */
export const ROW_SLOTS = ${rowSlots};

/** How many of them, the first ones, belong to no run. */
export const ALONE_SLOTS = ${slots.indexOf(runSlot(schema.runs[0]!))};

/** The slots × 8 of the runs, and the end of the last one's columns. */
export const RUNS = memory.data<u16>([${[...schema.runs.map((run) => slots.indexOf(runSlot(run)) * 8), rowSlots * 8].join(", ")}]);
export const RUN_COUNT = ${schema.runs.length};

// An object:
//
//   ┌───────────────┬───────────────┬───────┬─────────┬─────┬────────┬─────┬───┬─────┐
//   │ prefix offset │ prefix length │ depth │ is copy │ End │ unused │ row │ … │ End │
//   │ u32           │ u32           │ u16   │ u16     │ u16 │ u16    │     │   │     │
//   └───────────────┴───────────────┴───────┴─────────┴─────┴────────┴─────┴───┴─────┘
//
// A row, for a key as it stands behind another member: the bytes from the comma up to the value, \`,"key":\`, and for a
// Text with the quote that opens it.
//
//   ┌───────────┬──────┬────────────┬────────────┬─────────────┬──────┬──────────┬───────┬──────────┐
//   │ bytes 0–7 │ mask │ last bytes │ bytes 8–15 │ bytes 16–23 │ kind │ slot × 8 │ child │ value at │
//   │ u64       │ u64  │ u64        │ u64        │ u64         │ u16  │ u16      │ u16   │ u16      │
//   └───────────┴──────┴────────────┴────────────┴─────────────┴──────┴──────────┴───────┴──────────┘
//
// In plain JSON the mask is for bytes 0–7, of which a short key has fewer; an escaped one always has eight, and there it is
// for bytes 8–15. The last bytes are the eight in front of the value. A key of more than 24 bytes has the flag LONG in its
// kind. Bytes 0–7 of the End are whatever is searched for. The child of a run is its last row.
//
// To read one: a word's first byte in memory is its last two digits, and the comment behind the row names the key, its
// kind, and the slot or the child. In the row of \`uuid\`,
//
//   ${example.map(hex).join(", ")}
//
// the first word is the bytes \`${textOf(example[0]!)}\`, the third \`${textOf(example[2]!)}\`, and the last one says that the kind is ${example[5]! & 0xffffn} (Text) and
// the slot ${((example[5]! >> 16n) & 0xffffn) / 8n} (UUID), that there is no child, and that the value starts at byte ${example[5]! >> 48n}.

/** Where the fields of an object lie; its rows follow them. */
export const enum Header {
  PrefixLength = 4,
  Depth = 8,
  IsCopy = 10,
  End = 12,
  size = 16,
}

/** Where the fields of a row lie. */
export const enum Row {
  Mask = 8,
  LastBytes = 16,
  Bytes8 = 24,
  Bytes16 = 32,
  Kind = 40,
  Slot = 42,
  Child = 44,
  ValueAt = 46,
  size = 48,
}

/** Added to the kind of a row whose key the scanner's loop does not compare to its end. */
export const LONG: u32 = ${LONG};

/** A run's key is short; in its place stands the slot × 8 by which those are told apart that start alike, or 0. */
export const enum RunRow {
  ToldBy = 32,
}

/** The objects of the flow, by their offsets in both tables. */
export const enum ObjectOffset {
${layout.offsets.map(({ name, offset }) => `  ${name} = ${offset},`).join("\n")}
}

/** For plain JSON. */
// prettier-ignore
export const PLAIN_OBJECTS = memory.data<u64>([
${layout.plainLines.join("\n")}
]);

/** For JSON in a string of a record, where a quote is written \`\\"\`. */
// prettier-ignore
export const ESCAPED_OBJECTS = memory.data<u64>([
${layout.escapedLines.join("\n")}
]);

/** The paths of the objects as they stand in front of a key in AdditionalFields. */
// prettier-ignore
export const PATH_PREFIXES = memory.data<u64>([
${layout.prefixLines.join("\n")}
]);

/**
 * A column's name as it stands in the row, \`,"Name":\`, and its length in the last byte. A run has none: its columns
 * are written with theirs.
 */
export const NAME_SIZE = ${NAME_SIZE};

// prettier-ignore
export const COLUMN_NAMES = memory.data<u64>([
${slots
  .slice(0, rowSlots)
  .map((slot) => `  ${nameWords(schema, slot).join(", ")}, // ${slot}`)
  .join("\n")}
]);

${columnHash(schema, slots)}`;
}

/** The columns in table order, those of runs last, each behind the slot of its run. */
function rowOrder(schema: Schema): string[] {
  const ofRuns = schema.runs.map((run) => [runSlot(run), ...columnsOfRun(run, schema)]);
  const inRuns = new Set(ofRuns.flat());
  const alone = schema.columns.map((column) => column.name).filter((name) => !inRuns.has(name));
  return [...alone, ...ofRuns.flat()];
}

function columnsOfRun({ from, to, toldBy }: Run, schema: Schema): string[] {
  const order = schema.keyOrder.flow!;
  for (const key of [from, to]) {
    if (!order.includes(key)) throw new Error(`schema/columns.yaml: runs: keyOrder's flow has no key "${key}"`);
  }
  if (toldBy !== undefined && !schema.columns.some(({ name }) => name === toldBy)) {
    throw new Error(`schema/columns.yaml: runs: there is no column "${toldBy}" to tell "${from}" by`);
  }
  const keys = order.slice(order.indexOf(from), order.indexOf(to) + 1);
  return schema.columns.filter(({ path }) => path && keys.includes(path.split(/[.[]/)[0]!)).map(({ name }) => name);
}

/** The slot for all columns of a run. */
function runSlot({ from, to }: Run): string {
  return from === to ? `Run${nameOf(from)}` : `Run${nameOf(from)}To${nameOf(to)}`;
}

/** The slot that holds what stands at a path until it is known which column it makes. */
function pathSlot(path: string): string {
  return `Path${nameOf(path)}`;
}

function nameOf(path: string): string {
  return path
    .split(/[._[\]0]+/)
    .filter((part) => part !== "")
    .map(capitalize)
    .join("");
}

function buildObjects(schema: Schema, slots: string[]): ObjectTable[] {
  const objects = new Map<string, ObjectTable>();

  function object(path: string, isCopy = false): ObjectTable {
    const found = objects.get(path);
    if (found) return found;
    const depth = path === "" ? 2 : 2 + path.split(".").length;
    const made: ObjectTable = { path, depth, isCopy, rows: new Map() };
    objects.set(path, made);
    return made;
  }

  function row(path: string): { table: ObjectTable; key: string } {
    const parts = path.split(".");
    const key = parts.pop()!;
    let table = object("");
    for (const [index, part] of parts.entries()) {
      const childPath = parts.slice(0, index + 1).join(".");
      const existing = table.rows.get(part);
      if (existing?.child) table = existing.child;
      else {
        const child = object(childPath);
        table.rows.set(part, { ...existing, kind: "Object", child });
        table = child;
      }
    }
    return { table, key };
  }

  function hidden(name: string): string {
    if (!slots.includes(name)) slots.push(name);
    return name;
  }

  /** A value inside a dynamic column that a column of its own repeats: `list[0].name`, `extensions.count`. */
  function copiedRow(container: string, path: string, kind: "Repeating" | "Members"): ObjectTable {
    const { table, key } = row(container);
    const existing = table.rows.get(key);
    const child = object(path, true);
    table.rows.set(key, { ...existing, kind, child });
    return child;
  }

  const dynamicPaths = new Set(schema.columns.filter((c) => c.type === "dynamic").flatMap((c) => c.path ?? []));

  for (const column of schema.columns) {
    if (column.repeats && column.type !== "dynamic") {
      throw new Error(`schema/columns.yaml: ${column.name}: only values of dynamic columns are kept; remove "repeats"`);
    }
    if (column.path === undefined) continue;
    const paths = expandPath(column.path);
    for (const path of paths) {
      const element = /^(.*)\[0\]\.(\w+)$/.exec(path);
      if (element) {
        const table = copiedRow(element[1]!, `${element[1]!}[0]`, "Repeating");
        // Alternatives are told apart until the whole flow is read; a single path gives the column at once.
        const slot = paths.length > 1 ? hidden(pathSlot(path)) : column.name;
        table.rows.set(element[2]!, { kind: "Text", slot });
        continue;
      }
      const { table, key } = row(path);
      const existing = table.rows.get(key);
      table.rows.set(key, { ...existing, ...leaf(column, path, existing) });
    }
    if (column.else !== undefined) {
      const [container, member] = column.else.split(".");
      const slot = hidden(pathSlot(column.else));
      if (member !== undefined && dynamicPaths.has(container!)) {
        copiedRow(container!, container!, "Members").rows.set(member, { kind: kindOf(column), slot });
      } else {
        const { table, key } = row(column.else);
        table.rows.set(key, { kind: kindOf(column), slot });
      }
    }
  }
  for (const event of schema.exportEvents) object(event);
  return [...objects.values()];

  function leaf(column: Column, path: string, existing: Row | undefined): Row {
    switch (column.rule) {
      case "timestamp":
        return { kind: "Timestamp", slot: column.name };
      case "clusterOfNodeName":
      case "nodeOfNodeName":
        return { kind: "Text", slot: hidden(pathSlot(path)) };
      case "presentKey":
        return existing ?? { kind: "Object", child: object(path) };
      case "trueKeys":
        return { kind: "TrueKeys", slot: column.name, child: object(path) };
      default: {
        const kind =
          existing && (existing.kind === "Repeating" || existing.kind === "Members")
            ? existing.kind
            : column.repeats
              ? "Repeating"
              : kindOf(column);
        return { kind, slot: column.name };
      }
    }
  }
}

function kindOf(column: Column): Kind {
  switch (column.type) {
    case "string":
      return "Text";
    case "bool":
      return "Bool";
    case "int":
    case "long":
      return "Number";
    case "dynamic":
      return "Dynamic";
    case "datetime":
      return "Timestamp";
  }
}

const ROW_WORDS = 6;
const HEADER_WORDS = 2;
const ALL_BITS = (1n << 64n) - 1n;

function layOut(objects: ObjectTable[], schema: Schema, slots: string[]) {
  const protocols = new Set(
    schema.columns.filter((column) => column.rule === "presentKey").map((column) => column.path),
  );
  const offsets = new Map<ObjectTable, number>();
  let words = 0;
  for (const object of objects) {
    offsets.set(object, words * 8);
    words += rowsEnd(object) / 8 + ROW_WORDS;
  }

  const prefixLines: string[] = [];
  const prefixOffsets = new Map<ObjectTable, number>();
  let prefixOffset = 0;
  for (const object of objects) {
    const prefix = pathPrefix(object);
    const prefixWords = wordsOf(prefix);
    prefixOffsets.set(object, prefixOffset);
    if (prefixWords.length) prefixLines.push(`  ${prefixWords.map(hex).join(", ")}, // ${prefix}`);
    prefixOffset += prefixWords.length * 8;
  }

  /** Where the rows of an object end, behind its start. */
  function rowsEnd(object: ObjectTable): number {
    return (HEADER_WORDS + (object.rows.size + runsOf(object).length) * ROW_WORDS) * 8;
  }

  function runsOf({ path }: ObjectTable): Run[] {
    return path === "" ? schema.runs : [];
  }

  /** Where the row of a key stands, behind the start of both tables: each run so far has a row of its own. */
  function rowOffset(object: ObjectTable, key: string): number {
    const keys = orderedRows(object, schema).map(([other]) => other);
    const place = keys.indexOf(key);
    const runs = runsOf(object).filter(({ from }) => keys.indexOf(from) <= place).length;
    return offsets.get(object)! + (HEADER_WORDS + (place + runs) * ROW_WORDS) * 8;
  }

  function runRow(run: Run, object: ObjectTable, quote: string): string {
    const words = rowWords(run.from, quote, "Run", slots.indexOf(runSlot(run)), rowOffset(object, run.to));
    if (words[4]) throw new Error(`schema/columns.yaml: the key "${run.from}" is too long to start a run`);
    words[4] = BigInt(run.toldBy === undefined ? 0 : slots.indexOf(run.toldBy) * 8);
    return `  ${words.map(hex).join(", ")}, // ${run.from}: Run → ${runSlot(run)}`;
  }

  /** The table for JSON in which a quote is written as `quote`. */
  function table(quote: string): string[] {
    return objects.flatMap((object) => [
      `  // ${object.path || "flow"}`,
      `  ${[
        BigInt(prefixOffsets.get(object)!) | (BigInt(pathPrefix(object).length) << 32n),
        BigInt(object.depth) | (BigInt(object.isCopy) << 16n) | (BigInt(rowsEnd(object)) << 32n),
      ]
        .map(hex)
        .join(", ")},`,
      ...orderedRows(object, schema).flatMap(([key, row]) => {
        const kind = row.kind === "Object" && protocols.has(object.path) ? "Protocol" : row.kind;
        const slot = row.slot === undefined ? 0 : slots.indexOf(row.slot);
        const words = rowWords(key, quote, kind, slot, row.child ? offsets.get(row.child)! : 0);
        return [
          ...runsOf(object)
            .filter(({ from }) => from === key)
            .map((run) => runRow(run, object, quote)),
          `  ${words.map(hex).join(", ")}, // ${key}: ${kind} → ${row.slot ?? row.child?.path ?? ""}`,
        ];
      }),
      `  ${[0n, ALL_BITS, 0n, 0n, 0n, BigInt(kindNumbers.indexOf("End"))].map(hex).join(", ")},`,
    ]);
  }

  return {
    plainLines: table('"'),
    escapedLines: table('\\"'),
    prefixLines,
    offsets: [...offsets].map(([object, offset]) => ({ name: nameOf(object.path) || "Flow", offset })),
  };
}

function pathPrefix({ path }: ObjectTable): string {
  return path === "" ? "" : `${path}.`;
}

function orderedRows(object: ObjectTable, schema: Schema): [string, Row][] {
  const order = schema.keyOrder[KEY_ORDER_OF_COPIES[object.path] ?? (object.path || "flow")] ?? [];
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...object.rows].sort(([a], [b]) => place(a) - place(b));
}

const kindNumbers = Object.keys(kinds);

/** How many bytes of a key's text a row can hold: the first 24 and the last 8. */
const MAX_ROW_TEXT = 32;

/** The six words of a row. A key that is too long for one gets a row that no text has, and is found in the other table. */
function rowWords(key: string, quote: string, kind: Kind, slot: number, child: number): bigint[] {
  const text = `,${quote}${key}${quote}:${kind === "Text" ? quote : ""}`;
  const isPlain = quote === '"';
  const isTooLong = text.length > MAX_ROW_TEXT;
  if (isTooLong && isPlain) throw new Error(`schema/columns.yaml: the key "${key}" is too long for a row`);
  if (!isPlain && text.length < 8) throw new Error(`schema/columns.yaml: the key "${key}" is too short for a row`);
  const hasSecond = text.length > 16;
  const firstBits = (1n << BigInt(Math.min(text.length, 8) * 8)) - 1n;
  return [
    isTooLong ? 0n : word(text, 0),
    isPlain ? firstBits : hasSecond ? ALL_BITS : 0n,
    text.length > 8 || !isPlain ? word(text, text.length - 8) : 0n,
    hasSecond ? word(text, 8) : 0n,
    text.length > 24 ? word(text, 16) : 0n,
    BigInt(kindNumbers.indexOf(kind) + (text.length > 24 ? LONG : 0)) |
      (BigInt(slot * 8) << 16n) |
      (BigInt(child) << 32n) |
      (BigInt(text.length) << 48n),
  ];
}

/** Added to a kind (see `Row`). */
const LONG = 16;

const NAME_SIZE = 40;

function nameWords(schema: Schema, slot: string): string[] {
  const name = schema.columns.some((column) => column.name === slot) ? `,"${slot}":` : "";
  if (name.length >= NAME_SIZE) throw new Error(`schema/columns.yaml: the column name "${slot}" is too long`);
  const text = name.padEnd(NAME_SIZE - 1, "\0") + String.fromCharCode(name.length);
  return wordsOf(text).map(hex);
}

/**
 * A table that finds a column by its name with one comparison: the multiplier is searched for until no two names of
 * the schema fall on one entry. \`assembly/flow/columns.ts\` computes the same hash.
 */
function columnHash(schema: Schema, slots: string[]): string {
  const bits = 10n;
  for (let attempt = 1n; attempt < 1_000_000n; attempt++) {
    const multiplier = BigInt.asUintN(64, attempt * 0x9e3779b97f4a7c15n) | 1n;
    const entries = new Map<number, number>();
    for (const { name } of schema.columns) {
      const tail = word(name, Math.max(0, name.length - 8));
      const mixed = word(name, 0) ^ BigInt.asUintN(64, tail << 1n) ^ BigInt(name.length);
      entries.set(Number(BigInt.asUintN(64, mixed * multiplier) >> (64n - bits)), slots.indexOf(name) + 1);
    }
    if (entries.size < schema.columns.length) continue;
    const bytes = Array.from({ length: 1 << Number(bits) }, (_, index) => String.fromCharCode(entries.get(index) ?? 0));
    const words = wordsOf(bytes.join("")).map(hex);
    const lines = [];
    for (let index = 0; index < words.length; index += 4) lines.push(`  ${words.slice(index, index + 4).join(", ")},`);
    return `/** Finds a column by its name: \`(first 8 bytes ^ last 8 bytes << 1 ^ length) * COLUMN_HASH_MULTIPLIER >> COLUMN_HASH_SHIFT\`. */
export const COLUMN_HASH_MULTIPLIER: u64 = ${hex(multiplier)};
export const COLUMN_HASH_SHIFT: u64 = ${64n - bits};

/** The column's slot, counted from 1, as a byte for each hash. */
// prettier-ignore
export const COLUMN_BY_HASH = memory.data<u64>([
${lines.join("\n")}
]);
`;
  }
  throw new Error("found no multiplier that tells the columns' names apart");
}

/** Up to 8 bytes of text as a little-endian word. */
function word(text: string, start: number): bigint {
  let value = 0n;
  for (let index = Math.min(text.length, start + 8) - 1; index >= start; index--) {
    value = (value << 8n) | BigInt(text.charCodeAt(index));
  }
  return value;
}

/** The text whose bytes a word is. */
function textOf(word: bigint): string {
  const bytes = Array.from({ length: 8 }, (_, index) => Number((word >> BigInt(index * 8)) & 0xffn));
  return String.fromCharCode(...bytes.filter((byte) => byte !== 0));
}

function wordsOf(text: string): bigint[] {
  return Array.from({ length: Math.ceil(text.length / 8) }, (_, index) => word(text, index * 8));
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
