import { Word } from "../json/byte";
import { copyValue, valueEnd, valueStart } from "../json/value";
import { ADDITIONAL_FIELDS, appendMember } from "./members";
import { depthOf, objects } from "./objects";
import { getSlot, setQuoted, slotAddress } from "./slots";
import { Header, ObjectOffset, Slot } from "./tables";

/**
 * What a reader of a value returns where the value does not fit its column, and nothing has been read of it: it goes to
 * AdditionalFields. No value ends there; 0 says that there is none (see `fail`).
 */
export const MISFIT: usize = 1;

/**
 * Reads a value that has no column, or does not fit its column, into AdditionalFields; a `null` is no value. Returns
 * the address behind it, or 0 (see `fail`).
 */
export function scanMisfit<Quote>(p: usize, object: usize, key: usize, keyEnd: usize): usize {
  if (load<u32>(p) == Word.Null) return p + 4;
  const offset = object - objects<Quote>();
  if (offset == ObjectOffset.L4) nameProtocol(key, keyEnd);
  p = copyValue<Quote>(p, depthOf(object));
  if (!p) return 0;
  const isCopy = load<u16>(object, Header.IsCopy);
  if (!isCopy && !appendMember(ADDITIONAL_FIELDS, offset, key, keyEnd - key, valueStart, valueEnd)) return 0;
  return p;
}

/** Makes the key the flow's L4Protocol. Returns false where it has one already. */
export function nameProtocol(key: usize, keyEnd: usize): bool {
  if (getSlot(Slot.L4Protocol)) return false;
  setQuoted(slotAddress(Slot.L4Protocol), key, keyEnd);
  return true;
}
