import { hasRoom, keepUpTo, top } from "../arena";
import { isSame } from "../json/byte";
import { hashOf } from "./hash";

// An open-addressing hash set of keys in the arena, at most half full: a u32 start and a u32 length for each, 0 for
// none. A key may come from a hostile record, by the hundred thousand.

let entries: usize = 0;
let mask: usize = 0;
/** How far down the high bits of a hash are shifted to number an entry. */
let shift: u64 = 0;

/** Empties the set and makes room for `count` keys. Returns false where there is none. */
export function clearKeys(count: u32): bool {
  let capacity: usize = 16;
  while (capacity < <usize>count * 2) capacity <<= 1;
  const size = capacity << 3;
  if (!hasRoom(size)) return false;
  entries = (top + 7) & ~7;
  memory.fill(entries, 0, size);
  keepUpTo(entries + size);
  mask = capacity - 1;
  shift = clz<u64>(mask);
  return true;
}

/** Adds a key. Returns the start of an equal one that is in the set already, or 0. */
export function addKey(start: usize, length: usize): usize {
  let index = <usize>(hashOf(start, length) >> shift);
  while (true) {
    const entry = entries + (index << 3);
    const other = <usize>load<u32>(entry);
    if (!other) {
      store<u32>(entry, <u32>start);
      store<u32>(entry, <u32>length, 4);
      return 0;
    }
    if (<usize>load<u32>(entry, 4) == length && isSame(other, start, length)) return other;
    index = (index + 1) & mask;
  }
}
