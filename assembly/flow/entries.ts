import { isSame32 } from "../json/byte";
import { maxDepth } from "../json/value";

// Endpoints, labels, workloads and policies are the same in flow after flow. Such a value (recall.ts), or a run of members
// (run.ts), is kept with what was made of it, and is from then on compared instead of read. An entry:
//
//   ┌─────┬────────┬────────┬────────┬───────┬───────────────┬──────┬───────────────┐
//   │ key │ reader │ misses │ length │ stamp │ what was made │ text │ what was made │
//   │ u64 │ u32    │ u32    │ u32    │ u32   │               │      │               │
//   └─────┴────────┴────────┴────────┴───────┴───────────────┴──────┴───────────────┘
//
// A key chooses two entries that lie side by side, either of which may hold the text. The table outlives the call and is
// no more than a shortcut: what is taken from it would have been read the same.

export const enum Entry {
  Reader = 8,
  Misses = 12,
  Length = 16,
  Stamp = 20,
  Made = 24,
  Text = 96,
  size = 2048,
}

const PAIR_BITS = 8;
const PAIRS = memory.data((2 * 2048) << PAIR_BITS, 8);

/** What is shorter is read as fast as it would be compared. */
const MIN_LENGTH: usize = 32;
/** How many texts in a row an entry may miss before the last of them takes its place. */
const MAX_MISSES: u32 = 32;

/** Changes from flow to flow: an entry that the slots of a flow point to keeps its place until the next one. */
let stamp: u32 = 0;
/** Where the text that `find` met last can be kept, or 0. */
export let vacancy: usize = 0;

/** Begins another flow: what the slots of the one before point to is needed no more. */
// @ts-ignore: decorator
@inline
export function beginRecall(): void {
  stamp++;
}

/** What reads a value: its row, of which each way of writing a quote has its own, and whether it may nest as it likes. */
// @ts-ignore: decorator
@inline
export function readerOf<Quote>(row: usize): usize {
  return row + (sizeof<Quote>() == 1 && maxDepth == i32.MAX_VALUE ? 1 : 0);
}

/**
 * Returns the entry that holds the text at `p`, or 0; then `vacancy` is one that it may have. What is written there has to
 * be reserved before another text is looked for.
 */
// @ts-ignore: decorator
@inline
export function find(p: usize, reader: usize, key: u64): usize {
  const first = PAIRS + <usize>(key >> (64 - PAIR_BITS)) * (2 * Entry.size);
  const second = first + Entry.size;
  for (let entry = first; entry <= second; entry += Entry.size) {
    if (load<u64>(entry) != key || <usize>load<u32>(entry, Entry.Reader) != reader) continue;
    // No text in an entry is shorter than MIN_LENGTH.
    if (!isSame32(p, entry + Entry.Text, load<u32>(entry, Entry.Length))) continue;
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

/** Whether a text of `length` bytes, with `more` bytes that were made of it, is worth an entry and fits into it. */
export function isKeepable(length: usize, more: usize): bool {
  return length >= MIN_LENGTH && length + more <= <usize>(Entry.size - Entry.Text);
}

/** Fills an entry's head for a text of `length` bytes; it keeps its place until the next flow. */
export function reserve(entry: usize, key: u64, length: usize): void {
  store<u64>(entry, key);
  store<u32>(entry, 0, Entry.Reader);
  store<u32>(entry, 0, Entry.Misses);
  store<u32>(entry, <u32>length, Entry.Length);
  store<u32>(entry, stamp, Entry.Stamp);
}

/** Opens an entry that is reserved and whole: its text is found from now on. */
// @ts-ignore: decorator
@inline
export function open(entry: usize, reader: usize): void {
  store<u32>(entry, <u32>reader, Entry.Reader);
}

/** Leaves an entry as it is, until as many texts have missed it again. */
export function decline(entry: usize): void {
  if (!load<u32>(entry, Entry.Length)) reserve(entry, 0, 1);
  store<u32>(entry, 0, Entry.Misses);
}

/** The entry that an address lies in. */
export function entryOf(address: usize): usize {
  return PAIRS + ((address - PAIRS) & ~(Entry.size - 1));
}
