import { maxDepth } from "../json/value";
import { SLOTS, moveSpan, spanEnd, spanLength, spanStart } from "./slots";
import { Header, PLAIN_OBJECTS, Row } from "./tables";

// Labels, workloads and policies are the same in flow after flow. Such a value is kept with what was made of it, and is
// from then on compared, 32 bytes at a time, instead of read. An entry:
//
//   ┌─────┬────────┬────────┬────────┬───────┬─────────────┬─────────────────────┬──────┬───────────────┐
//   │ key │ reader │ misses │ length │ stamp │ spans' size │ slot, span │ … (4)  │ text │ as plain JSON │
//   │ u64 │ u32    │ u32    │ u32    │ u32   │ u64         │ u64, u64            │      │               │
//   └─────┴────────┴────────┴────────┴───────┴─────────────┴─────────────────────┴──────┴───────────────┘
//
// The spans lie in the entry's plain JSON. A key chooses two entries that lie side by side, either of which may hold the
// value. The table outlives the call and is no more than a shortcut: what is taken from it would have been read the same.

const READER: usize = 8;
const MISSES: usize = 12;
const LENGTH: usize = 16;
const STAMP: usize = 20;
const SPANS_SIZE: usize = 24;
const SPANS: usize = 32;
const SPAN_SIZE: usize = 16;
const MAX_SPANS: usize = 4;
const TEXT: usize = SPANS + MAX_SPANS * SPAN_SIZE;
const ENTRY_SIZE: usize = 2048;
const PAIR_BITS = 7;
const PAIRS = memory.data((2 * 2048) << PAIR_BITS, 8);

/** What is shorter is read as fast as it would be compared. */
const MIN_LENGTH: usize = 32;
/** How many values in a row an entry may miss before the last of them takes its place. */
const MAX_MISSES: u32 = 8;

/** Changes from flow to flow: an entry that the slots of a flow point to keeps its place until the next one. */
let stamp: u32 = 0;
/** Where the value that `recall` met last is to be kept, or 0. */
let vacancy: usize = 0;
let vacancyKey: u64 = 0;

/** Begins another flow: what the slots of the one before point to is needed no more. */
export function beginRecall(): void {
  stamp++;
}

/**
 * Sets the slots of the value at `p`, which is one for `row`, where it has been kept. Returns the address behind it, or
 * 0 where it has to be read; `isWorthKeeping` tells whether `keep` should follow.
 */
export function recall<Quote>(p: usize, row: usize): usize {
  const reader = readerOf<Quote>(row);
  const key = keyOf(p, reader, row);
  const first = PAIRS + <usize>(key >> (64 - PAIR_BITS)) * (2 * ENTRY_SIZE);
  const second = first + ENTRY_SIZE;
  for (let entry = first; entry <= second; entry += ENTRY_SIZE) {
    if (load<u64>(entry) != key || <usize>load<u32>(entry, READER) != reader) continue;
    const length = <usize>load<u32>(entry, LENGTH);
    if (!isSame32(p, entry + TEXT, length)) continue;
    store<u32>(entry, 0, MISSES);
    store<u32>(entry, stamp, STAMP);
    let span = entry + SPANS;
    const end = span + <usize>load<u32>(entry, SPANS_SIZE);
    do {
      store<u64>(<usize>load<u32>(span), load<u64>(span, 8));
      span += SPAN_SIZE;
    } while (span < end);
    return p + length;
  }
  const firstMisses = load<u32>(first, MISSES) + 1;
  const secondMisses = load<u32>(second, MISSES) + 1;
  store<u32>(first, firstMisses, MISSES);
  store<u32>(second, secondMisses, MISSES);
  const isFirst = firstMisses >= secondMisses;
  const weaker = isFirst ? first : second;
  const isStale = (isFirst ? firstMisses : secondMisses) >= MAX_MISSES && load<u32>(weaker, STAMP) != stamp;
  vacancy = isStale ? weaker : 0;
  vacancyKey = key;
  return 0;
}

// @ts-ignore: decorator
@inline
export function isWorthKeeping(): bool {
  return vacancy != 0;
}

/** Keeps the value from `p` to `end`, which has been read into the slots of `row`, at the place that `recall` has found. */
export function keep<Quote>(p: usize, end: usize, row: usize): void {
  const length = end - p;
  const value = spanAt(row);
  const plain = spanStart(value);
  const plainLength = spanLength(value);
  if (length < MIN_LENGTH || TEXT + length + plainLength > ENTRY_SIZE) return;
  const entry = vacancy;
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
  store<u64>(entry, vacancyKey);
  store<u32>(entry, <u32>readerOf<Quote>(row), READER);
  store<u32>(entry, 0, MISSES);
  store<u32>(entry, <u32>length, LENGTH);
  store<u32>(entry, <u32>(spans - entry - SPANS), SPANS_SIZE);
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
function readerOf<Quote>(row: usize): usize {
  return row + (sizeof<Quote>() == 1 && maxDepth == i32.MAX_VALUE ? 1 : 0);
}

/**
 * Mixes the bytes by which values differ: the name of a policy or a workload comes first, labels have long prefixes in
 * common.
 */
// @ts-ignore: decorator
@inline
function keyOf(p: usize, reader: usize, row: usize): u64 {
  let key = mix(load<u64>(p) ^ (<u64>reader));
  key = mix(key ^ load<u64>(p, 8));
  key = mix(key ^ load<u64>(p, 16));
  key = mix(key ^ load<u64>(p, 24));
  if (load<u16>(row, Row.Child)) return key;
  key = mix(key ^ load<u64>(p, 32));
  key = mix(key ^ load<u64>(p, 40));
  key = mix(key ^ load<u64>(p, 48));
  return mix(key ^ load<u64>(p, 56));
}

// @ts-ignore: decorator
@inline
function mix(word: u64): u64 {
  return word * 0x9e3779b97f4a7c15;
}

/** Whether `length` bytes, at least 32, are the same at both addresses. Up to 32 bytes behind a difference are read. */
// @ts-ignore: decorator
@inline
function isSame32(p: usize, other: usize, length: usize): bool {
  const last = p + length - 32;
  while (p < last) {
    if (difference32(p, other)) return false;
    p += 32;
    other += 32;
  }
  return !difference32(last, other + last - p);
}

// @ts-ignore: decorator
@inline
function difference32(p: usize, other: usize): u64 {
  return (
    (load<u64>(p) ^ load<u64>(other)) |
    (load<u64>(p, 8) ^ load<u64>(other, 8)) |
    (load<u64>(p, 16) ^ load<u64>(other, 16)) |
    (load<u64>(p, 24) ^ load<u64>(other, 24))
  );
}
