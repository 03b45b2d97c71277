import type { Run, Schema } from "../schema.js";
import {
  buildObjects,
  capitalize,
  kinds,
  nameOf,
  orderedRows,
  pathPrefix,
  rowOrder,
  runSlot,
  type ObjectTable,
} from "./assembly-objects.js";
import {
  ALL_BITS,
  columnHash,
  hex,
  kindNumbers,
  LONG,
  NAME_SIZE,
  nameWords,
  rowWords,
  textOf,
  wordsOf,
} from "./assembly-words.js";

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

const ROW_WORDS = 6;
const HEADER_WORDS = 2;

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
