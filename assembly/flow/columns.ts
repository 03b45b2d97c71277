import { isSame } from "../json/byte";
import { SLOTS } from "./slots";
import { COLUMN_BY_HASH, COLUMN_HASH_MULTIPLIER, COLUMN_HASH_SHIFT, COLUMN_NAMES, NAME_SIZE } from "./tables";

/** Whether the row has the column whose name the `length` bytes at `key` are. */
export function isColumnOfRow(key: usize, length: usize): bool {
  // Every column starts with a capital letter, the keys of most records do not.
  if (!length || <u32>load<u8>(key) - 0x41 > 25) return false;
  let first = load<u64>(key);
  let last: u64;
  if (length < 8) {
    first &= ((<u64>1) << (length << 3)) - 1;
    last = first;
  } else last = load<u64>(key + length - 8);
  const hash = ((first ^ (last << 1) ^ (<u64>length)) * COLUMN_HASH_MULTIPLIER) >> COLUMN_HASH_SHIFT;
  const number = <usize>load<u8>(COLUMN_BY_HASH + <usize>hash);
  if (!number || !load<u64>(SLOTS + ((number - 1) << 3))) return false;
  const name = COLUMN_NAMES + (number - 1) * NAME_SIZE;
  // The name stands in `,"Name":`.
  return load<u8>(name, NAME_SIZE - 1) == length + 4 && isSame(name + 2, key, length);
}
