import { keepUpTo, top } from "../arena";
import { Byte, skipSpace } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { findStop, quote, stringEnd } from "../json/string";
import { canonicalString } from "../json/text";
import { endOf, findRow, objects } from "./objects";
import { Header, PLAIN_OBJECTS } from "./tables";

/** The key that was met last, and its row. */
export let keyStart: usize = 0;
export let keyEnd: usize = 0;
export let keyRow: usize = 0;

/** Notes the key of the member at `member`, which a row has recognised: its value, no Text, is at `value`. */
export function setFoundKey<Quote>(member: usize, value: usize): void {
  setKey(member + 1 + sizeof<Quote>(), value - 1 - sizeof<Quote>());
}

export function setKey(start: usize, end: usize): void {
  keyStart = start;
  keyEnd = end;
}

/**
 * Reads the key of the member at `p`, which stands in another place than Cilium writes it, has no row, or is written in
 * another way. Looks for its row from `row` on, then from the start. Returns the address behind its colon, or 0 (see
 * `fail`).
 */
export function findKey<Quote>(p: usize, row: usize, object: usize): usize {
  p = skipSpace<Quote>(p + 1);
  if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
  keyStart = p + sizeof<Quote>();
  p = stringEnd<Quote>(keyStart);
  if (!p) return 0;
  keyEnd = p;
  if (sizeof<Quote>() == 1 && findStop(keyStart) != p) {
    // Escapes can spell the key of a row, too.
    const end = canonicalString(keyStart, p);
    if (!end) return 0;
    keyStart = top + 1;
    keyEnd = end - 1;
    keepUpTo(end);
  }
  // The member as Cilium would write it in plain JSON, whichever its value.
  const member = top;
  const length = keyEnd - keyStart;
  store<u16>(member, (Byte.Quote << 8) | Byte.Comma);
  memory.copy(member + 2, keyStart, length);
  store<u32>(member + 2 + length, QUOTE_COLON_QUOTE);
  const toPlain = PLAIN_OBJECTS - objects<Quote>();
  const end = endOf(object) + toPlain;
  keyRow = findRow(member, row + toPlain, end);
  if (keyRow == end) keyRow = findRow(member, object + toPlain + Header.size, end);
  keyRow -= toPlain;
  p = skipSpace<Quote>(p + sizeof<Quote>());
  return load<u8>(p) == Byte.Colon ? p + 1 : fail(Failure.Unexpected, p);
}

/** The three bytes `":"`. */
const QUOTE_COLON_QUOTE: u32 = 0x22_3a22;
