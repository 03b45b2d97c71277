import { Entry, decline, find, isKeepable, open, readerOf, reserve, vacancy } from "./entries";
import { mix32 } from "./hash";
import { childOf, endOf, slotOf } from "./objects";
import { moveSpan, spanEnd, spanLength, spanStart } from "./slots";
import { Header, PLAIN_OBJECTS, Row } from "./tables";

// What is made of a dynamic value (see entries.ts) are spans with their slots, and behind the text the plain JSON in which
// they lie:
//
//   ┌─────────────┬─────────────────────┐
//   │ spans' size │ slot, span │ … (4)  │
//   │ u64         │ u64, u64            │
//   └─────────────┴─────────────────────┘

const SPANS: usize = Entry.Made + 8;
const SPAN_SIZE: usize = 16;

/**
 * Sets the slots of the dynamic value at `p`, which is one for `row`, where it has been kept. Returns the address behind
 * it, or 0 where it has to be read; `keep` should follow where there is a `vacancy`.
 */
// @ts-ignore: decorator
@inline
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
  if (!isKeepable(length, plainLength)) return decline(entry);
  const reader = readerOf<Quote>(row);
  reserve(entry, valueKey(p, reader, row), length);
  const copy = entry + Entry.Text + length;
  memory.copy(entry + Entry.Text, p, length);
  memory.copy(copy, plain, plainLength);
  let spans = keepSpan(entry + SPANS, row, copy - plain);
  const child = childOf(row);
  if (child) {
    const object = PLAIN_OBJECTS + child;
    const end = endOf(object);
    for (let member = object + Header.size; member < end; member += Row.size) {
      const span = spanAt(member);
      // The slot can hold what another key of the same name has left there.
      if (spanStart(span) < plain || spanEnd(span) > plain + plainLength) continue;
      spans = keepSpan(spans, member, copy - plain);
    }
  }
  store<u64>(entry, spans - entry - SPANS, Entry.Made);
  open(entry, reader);
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

/** The name of a policy or a workload comes first, labels have long prefixes in common. */
// @ts-ignore: decorator
@inline
function valueKey(p: usize, reader: usize, row: usize): u64 {
  const key = mix32(reader, p);
  return childOf(row) ? key : mix32(key, p + 32);
}
