import type { Schema } from "../schema.js";
import { kinds, type Kind } from "./assembly-objects.js";

/** The mask of a word all of whose bytes count. */
export const ALL_BITS = (1n << 64n) - 1n;

export const kindNumbers = Object.keys(kinds);

/** How many bytes of a key's text a row can hold: the first 24 and the last 8. */
const MAX_ROW_TEXT = 32;

/** The six words of a row. A key that is too long for one gets a row that no text has, and is found in the other table. */
export function rowWords(key: string, quote: string, kind: Kind, slot: number, child: number): bigint[] {
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
export const LONG = 16;

export const NAME_SIZE = 40;

export function nameWords(schema: Schema, slot: string): string[] {
  const name = schema.columns.some((column) => column.name === slot) ? `,"${slot}":` : "";
  if (name.length >= NAME_SIZE) throw new Error(`schema/columns.yaml: the column name "${slot}" is too long`);
  const text = name.padEnd(NAME_SIZE - 1, "\0") + String.fromCharCode(name.length);
  return wordsOf(text).map(hex);
}

/**
 * A table that finds a column by its name with one comparison: the multiplier is searched for until no two names of
 * the schema fall on one entry. \`assembly/flow/columns.ts\` computes the same hash.
 */
export function columnHash(schema: Schema, slots: string[]): string {
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
export function textOf(word: bigint): string {
  const bytes = Array.from({ length: 8 }, (_, index) => Number((word >> BigInt(index * 8)) & 0xffn));
  return String.fromCharCode(...bytes.filter((byte) => byte !== 0));
}

export function wordsOf(text: string): bigint[] {
  return Array.from({ length: Math.ceil(text.length / 8) }, (_, index) => word(text, index * 8));
}

export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
