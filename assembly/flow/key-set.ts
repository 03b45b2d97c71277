import { hasRoom, keepUpTo, top } from "../arena";
import { isSame } from "../json/byte";

// An open-addressing hash set of keys in the arena, at most half full: a u32 start and a u32 length for each, 0 for
// none. A key may come from a hostile record, by the hundred thousand.

let entries: usize = 0;
let mask: usize = 0;

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
  return true;
}

/** Adds a key. Returns the start of an equal one that is in the set already, or 0. */
export function addKey(start: usize, length: usize): usize {
  let index = hash(start, length) & mask;
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

function hash(p: usize, length: usize): usize {
  let sum: u64 = length;
  const end = p + length;
  for (; p + 8 <= end; p += 8) sum = mix(sum ^ load<u64>(p));
  const rest = (end - p) << 3;
  if (rest) sum = mix(sum ^ (load<u64>(p) & (((<u64>1) << rest) - 1)));
  return <usize>(sum >> 32);
}

// @ts-ignore: decorator
@inline
function mix(word: u64): u64 {
  word *= 0x9e3779b97f4a7c15;
  return word ^ (word >> 29);
}
