import { keepUpTo, top } from "../arena";
import { findStop } from "../json/string";
import { canonicalString } from "../json/text";
import { isQuoted, moveSlot, setQuoted, slotAddress, spanLength, spanStart } from "./slots";
import { Slot } from "./tables";

/** Splits a node name at its last slash: the cluster and the node. Returns false where there is no room. */
export function splitNodeName(name: u64): bool {
  if (!isQuoted(name)) {
    moveSlot(Slot.NodeName, name);
    return true;
  }
  let start = spanStart(name);
  let end = start + spanLength(name);
  if (findStop(start) < end) {
    // A slash may be escaped.
    const copyEnd = canonicalString(start, end);
    if (!copyEnd) return false;
    start = top + 1;
    end = copyEnd - 1;
    keepUpTo(copyEnd);
  }
  const slash = lastSlash(start, end);
  if (slash) setQuoted(slotAddress(Slot.ClusterName), start, slash);
  setQuoted(slotAddress(Slot.NodeName), slash ? slash + 1 : start, end);
  return true;
}

/** Returns the address of the last slash in `start`–`end`, or 0. At least 8 readable bytes lie in front of `start`. */
function lastSlash(start: usize, end: usize): usize {
  while (end > start) {
    const word = load<u64>(end - 8) ^ 0x2f2f2f2f2f2f2f2f;
    // Exact for every byte: the high bit of those that are zero.
    const marks = ~(((word & 0x7f7f7f7f7f7f7f7f) + 0x7f7f7f7f7f7f7f7f) | word | 0x7f7f7f7f7f7f7f7f);
    if (marks) {
      const slash = end - 1 - <usize>(clz(marks) >> 3);
      return slash >= start ? slash : 0;
    }
    end -= 8;
  }
  return 0;
}
