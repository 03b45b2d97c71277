import { difference32 } from "../json/byte";
import { maxDepth } from "../json/value";
import { SLOTS, moveSpan, spanEnd, spanLength, spanStart } from "./slots";
import { Header, PLAIN_OBJECTS, Row } from "./tables";

// Endpoints, labels, workloads and policies are the same in flow after flow. Such a value, or a run of members (run.ts), is
// kept with what was made of it, and is from then on compared, 32 bytes at a time, instead of read. An entry:
//
//   ┌─────┬────────┬────────┬────────┬───────┬───────────────┬──────┬───────────────┐
//   │ key │ reader │ misses │ length │ stamp │ what was made │ text │ what was made │
//   │ u64 │ u32    │ u32    │ u32    │ u32   │               │      │               │
//   └─────┴────────┴────────┴────────┴───────┴───────────────┴──────┴───────────────┘
//
// Of a dynamic value that are spans with their slots, and behind the text the plain JSON in which they lie:
//
//   ┌─────────────┬─────────────────────┐
//   │ spans' size │ slot, span │ … (4)  │
//   │ u64         │ u64, u64            │
//   └─────────────┴─────────────────────┘
//
// A key chooses two entries that lie side by side, either of which may hold the text. The table outlives the call and is
// no more than a shortcut: what is taken from it would have been read the same.

export const enum Entry {
  Reader = 8,
  Misses = 12,
  Length = 16,
  Stamp = 20,
  Made = 24,
}

export const TEXT: usize = 96;
export const ENTRY_SIZE: usize = 2048;

const SPANS: usize = 32;
const SPAN_SIZE: usize = 16;
const PAIR_BITS = 8;
export const PAIRS = memory.data((2 * 2048) << PAIR_BITS, 8);

/** What is shorter is read as fast as it would be compared. */
export const MIN_LENGTH: usize = 32;
/** How many texts in a row an entry may miss before the last of them takes its place. */
const MAX_MISSES: u32 = 32;

/** Changes from flow to flow: an entry that the slots of a flow point to keeps its place until the next one. */
let stamp: u32 = 0;
/** Where the text that `find` met last can be kept, or 0. */
export let vacancy: usize = 0;

/** Begins another flow: what the slots of the one before point to is needed no more. */
export function beginRecall(): void {
  stamp++;
}

/**
 * Returns the entry that holds the text at `p`, or 0; then `vacancy` is one that it may have. What is written there has to
 * be a whole entry before another text is looked for, or be closed by `close`.
 */
export function find(p: usize, reader: usize, key: u64): usize {
  const first = PAIRS + <usize>(key >> (64 - PAIR_BITS)) * (2 * ENTRY_SIZE);
  const second = first + ENTRY_SIZE;
  for (let entry = first; entry <= second; entry += ENTRY_SIZE) {
    if (load<u64>(entry) != key || <usize>load<u32>(entry, Entry.Reader) != reader) continue;
    if (!isSame32(p, entry + TEXT, load<u32>(entry, Entry.Length))) continue;
    store<u32>(entry, 0, Entry.Misses);
    store<u32>(entry, stamp, Entry.Stamp);
    return entry;
  }
  const firstMisses = load<u32>(first, Entry.Misses) + 1;
  const secondMisses = load<u32>(second, Entry.Misses) + 1;
  store<u32>(first, firstMisses, Entry.Misses);
  store<u32>(second, secondMisses, Entry.Misses);
  const isFirst = load<u32>(second, Entry.Length) != 0 && firstMisses >= secondMisses;
  const weaker = isFirst ? first : second;
  const isStale = (isFirst ? firstMisses : secondMisses) >= MAX_MISSES || !load<u32>(weaker, Entry.Length);
  vacancy = isStale && load<u32>(weaker, Entry.Stamp) != stamp ? weaker : 0;
  return 0;
}

/** Fills an entry's head: the `length` bytes that stand in it are found from now on. */
export function open(entry: usize, key: u64, reader: usize, length: usize): void {
  store<u64>(entry, key);
  store<u32>(entry, <u32>reader, Entry.Reader);
  store<u32>(entry, 0, Entry.Misses);
  store<u32>(entry, <u32>length, Entry.Length);
}

/** Makes an entry one that is never found, and that keeps its place until the next flow. */
export function close(entry: usize): void {
  open(entry, 0, 0, 1);
  store<u32>(entry, stamp, Entry.Stamp);
}

/** Leaves an entry as it is, until as many texts have missed it again. */
export function decline(entry: usize): void {
  if (!load<u32>(entry, Entry.Length)) close(entry);
  store<u32>(entry, 0, Entry.Misses);
}

/**
 * Sets the slots of the dynamic value at `p`, which is one for `row`, where it has been kept. Returns the address behind
 * it, or 0 where it has to be read; `keep` should follow where there is a `vacancy`.
 */
export function recall<Quote>(p: usize, row: usize): usize {
  const reader = readerOf<Quote>(row);
  const entry = find(p, reader, valueKey(p, reader, row));
  if (!entry) return 0;
  let span = entry + SPANS;
  const end = span + <usize>load<u32>(entry, Entry.Made);
  do {
    store<u64>(<usize>load<u32>(span), load<u64>(span, 8));
    span += SPAN_SIZE;
  } while (span < end);
  return p + <usize>load<u32>(entry, Entry.Length);
}

/** Keeps the value from `p` to `end`, which has been read into the slots of `row`, in the `vacancy` that `recall` has found. */
export function keep<Quote>(p: usize, end: usize, row: usize): void {
  const length = end - p;
  const value = spanAt(row);
  const plain = spanStart(value);
  const plainLength = <usize>spanLength(value);
  const entry = vacancy;
  if (length < MIN_LENGTH || TEXT + length + plainLength > ENTRY_SIZE) return decline(entry);
  const copy = entry + TEXT + length;
  memory.copy(entry + TEXT, p, length);
  memory.copy(copy, plain, plainLength);
  let spans = keepSpan(entry + SPANS, row, copy - plain);
  const child = <usize>load<u16>(row, Row.Child);
  if (child) {
    const object = PLAIN_OBJECTS + child;
    const end = object + load<u16>(object, Header.End);
    for (let member = object + Header.size; member < end; member += Row.size) {
      const span = spanAt(member);
      // The slot can hold what another key of the same name has left there.
      if (spanStart(span) < plain || spanEnd(span) > plain + plainLength) continue;
      spans = keepSpan(spans, member, copy - plain);
    }
  }
  store<u64>(entry, spans - entry - SPANS, Entry.Made);
  const reader = readerOf<Quote>(row);
  open(entry, valueKey(p, reader, row), reader, length);
}

// @ts-ignore: decorator
@inline
function slotOf(row: usize): usize {
  return SLOTS + <usize>load<u16>(row, Row.Slot);
}

/** The span in the slot of a row. */
// @ts-ignore: decorator
@inline
function spanAt(row: usize): u64 {
  return load<u64>(slotOf(row));
}

/** Writes the slot of a row at `out`, and its span `distance` further on. Returns the address behind them. */
function keepSpan(out: usize, row: usize, distance: usize): usize {
  store<u64>(out, slotOf(row));
  store<u64>(out, moveSpan(spanAt(row), distance), 8);
  return out + SPAN_SIZE;
}

/** What reads a value: its row, of which each way of writing a quote has its own, and whether it may nest as it likes. */
// @ts-ignore: decorator
@inline
export function readerOf<Quote>(row: usize): usize {
  return row + (sizeof<Quote>() == 1 && maxDepth == i32.MAX_VALUE ? 1 : 0);
}

/** The name of a policy or a workload comes first, labels have long prefixes in common. */
// @ts-ignore: decorator
@inline
function valueKey(p: usize, reader: usize, row: usize): u64 {
  return load<u16>(row, Row.Child) ? shortKey(p, reader) : longKey(p, reader);
}

/** The key of a text that its first 32 bytes tell from others. */
// @ts-ignore: decorator
@inline
export function shortKey(p: usize, reader: usize): u64 {
  let key = mix(load<u64>(p) ^ (<u64>reader));
  key = mix(key ^ load<u64>(p, 8));
  key = mix(key ^ load<u64>(p, 16));
  return mix(key ^ load<u64>(p, 24));
}

/** The key of a text that its first 64 bytes tell from others. */
// @ts-ignore: decorator
@inline
export function longKey(p: usize, reader: usize): u64 {
  let key = shortKey(p, reader);
  key = mix(key ^ load<u64>(p, 32));
  key = mix(key ^ load<u64>(p, 40));
  key = mix(key ^ load<u64>(p, 48));
  return mix(key ^ load<u64>(p, 56));
}

// @ts-ignore: decorator
@inline
export function mix(word: u64): u64 {
  return word * 0x9e3779b97f4a7c15;
}

/** Whether `length` bytes, at least 32, are the same at both addresses. Up to 32 bytes behind a difference are read. */
// @ts-ignore: decorator
@inline
function isSame32(p: usize, other: usize, length: usize): bool {
  const last = p + length - 32;
  const lastOther = other + length - 32;
  while (p < last) {
    if (difference32(p, other)) return false;
    p += 32;
    other += 32;
  }
  return !difference32(last, lastOther);
}
