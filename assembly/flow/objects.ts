import { SLOTS } from "./slots";
import { ESCAPED_OBJECTS, Header, Kind, LONG, PLAIN_OBJECTS, Row } from "./tables";

// The generated tables tell which keys an object of the flow has. How a row of them lies in memory is drawn in tables.ts.

/** The tables of the flow's objects for a way of writing a quote. */
// @ts-ignore: decorator
@inline
export function objects<Quote>(): usize {
  return sizeof<Quote>() == 2 ? ESCAPED_OBJECTS : PLAIN_OBJECTS;
}

/** How many containers are open inside an object. */
// @ts-ignore: decorator
@inline
export function depthOf(object: usize): i32 {
  return load<u16>(object, Header.Depth);
}

/** Where an object's End lies, behind its rows. */
// @ts-ignore: decorator
@inline
export function endOf(object: usize): usize {
  return object + load<u16>(object, Header.End);
}

/** The kind of a row, whether its key is LONG or not. */
// @ts-ignore: decorator
@inline
export function kindOf(row: usize): Kind {
  return load<u16>(row, Row.Kind) & ~LONG;
}

/** The slot of a row, by its address. */
// @ts-ignore: decorator
@inline
export function slotOf(row: usize): usize {
  return SLOTS + <usize>load<u16>(row, Row.Slot);
}

/** The offset of what lies inside a row's value: an object of its own, or of a run its last row. 0 for none. */
// @ts-ignore: decorator
@inline
export function childOf(row: usize): usize {
  return load<u16>(row, Row.Child);
}

/** How far behind its comma the value of the row's member stands; of a Text, what follows its quote. */
// @ts-ignore: decorator
@inline
export function valueOffset(row: usize): usize {
  return load<u16>(row, Row.ValueAt);
}

/** Whether a member is none of the row, as far as its first eight bytes tell. */
// @ts-ignore: decorator
@inline
export function differsFirst<Quote>(row: usize, word: u64): bool {
  return sizeof<Quote>() == 2 ? word != load<u64>(row) : ((word ^ load<u64>(row)) & load<u64>(row, Row.Mask)) != 0;
}

/**
 * Whether the member at `p`, whose first eight bytes are the row's, is none of it all the same. `value` is where its value
 * would stand. The bytes 16–23 of a LONG key are left to `rowMatches`.
 */
// @ts-ignore: decorator
@inline
export function differsBehind<Quote>(row: usize, p: usize, value: usize): bool {
  if (sizeof<Quote>() == 1 && value <= p + 8) return false;
  // An escaped key has eight bytes at least, and all of its Mask is for the second eight.
  const difference = load<u64>(value - 8) ^ load<u64>(row, Row.LastBytes);
  const second = load<u64>(p, 8) ^ load<u64>(row, Row.Bytes8);
  if (sizeof<Quote>() == 2) return (difference | (second & load<u64>(row, Row.Mask))) != 0;
  return difference != 0 || (value > p + 16 && second != 0);
}

/** Whether the member at `p` is the row's, as Cilium writes it; whatever stands in the comma's place in front of a first one. */
export function rowMatches<Quote>(row: usize, p: usize): bool {
  const kind = kindOf(row);
  if (kind == Kind.Run || kind == Kind.End) return false;
  let first = load<u64>(p) ^ load<u64>(row);
  if (sizeof<Quote>() == 1) first &= load<u64>(row, Row.Mask);
  const length = valueOffset(row);
  if (first >> 8 != 0 || (length > 8 && load<u64>(p + length - 8) != load<u64>(row, Row.LastBytes))) return false;
  if (length > 16 && load<u64>(p, 8) != load<u64>(row, Row.Bytes8)) return false;
  return length <= 24 || load<u64>(p, 16) == load<u64>(row, Row.Bytes16);
}

/** Returns the row of a plain member, from `row` on, or the end of the rows. */
export function findRow(member: usize, row: usize, end: usize): usize {
  const word = load<u64>(member);
  store<u64>(end, word);
  while (true) {
    while (differsFirst<u8>(row, word)) row += Row.size;
    if (row == end || rowMatches<u8>(row, member)) return row;
    row += Row.size;
  }
}
