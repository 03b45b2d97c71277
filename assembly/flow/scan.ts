import { keepUpTo, top } from "../arena";
import { Byte, Word, isDigit, mayBeSpace, skipSpace } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { copyUnescaped, escapedStringEnd, findStop, quote, stringEnd, unusualStringEnd } from "../json/string";
import { canonicalString } from "../json/text";
import { bareScalarEnd, copyValue, numberEnd, valueEnd, valueStart } from "../json/value";
import { ADDITIONAL_FIELDS, appendMember } from "./members";
import { keep, recall, vacancy } from "./recall";
import { readRuns, recallRun } from "./run";
import { SLOTS, getSlot, setBare, setQuoted, slotAddress } from "./slots";
import { ESCAPED_OBJECTS, Header, Kind, ObjectOffset, PLAIN_OBJECTS, Row, Slot } from "./tables";
import { copyTimestamp } from "./timestamp";

/** The tables of the flow's objects for a way of writing a quote. */
// @ts-ignore: decorator
@inline
export function objects<Quote>(): usize {
  return sizeof<Quote>() == 2 ? ESCAPED_OBJECTS : PLAIN_OBJECTS;
}

/**
 * Reads the object of the flow whose first key is at `p`, behind its brace, into the slots and AdditionalFields.
 * `object` is its table in `objects<Quote>()`. Returns the address behind its closing brace, or 0 (see `fail`).
 *
 * The calls nest as deep as the tables do, whatever the input.
 */
export function scanObject<Quote>(p: usize, object: usize): usize {
  const end = object + load<u16>(object, Header.End);
  let row = object + Header.size - Row.size;
  p = skipSpace<Quote>(p);
  if (load<u8>(p) == Byte.CloseBrace) return p + 1;
  if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
  // The first key has no comma in front, but is found like all others.
  let word = (load<u64>(--p) & ~0xff) | Byte.Comma;
  let last = row;
  store<u64>(end, word);
  do {
    row += Row.size;
  } while (differsFirst<Quote>(row, word));
  // A run starts behind another member.
  if (load<u8>(row, Row.Kind) == Kind.Run) row += Row.size;
  while (true) {
    do {
      let kind: u32 = Kind.End;
      let value: usize = 0;
      let key: usize = 0;
      if (!differsBehind(row, p)) {
        kind = load<u8>(row, Row.Kind);
        value = p + valueOffset(row);
        // Most members: a string, for a column that takes it as it stands.
        if (kind == Kind.Text) {
          const stop = findStop(value);
          if (load<Quote>(stop) == quote<Quote>()) {
            setQuoted(slotOf(row), value, stop);
            p = stop + sizeof<Quote>();
            continue;
          }
          p = scanText<Quote>(value, stop, slotOf(row));
          if (!p) return 0;
          continue;
        }
      }
      if (kind == Kind.End) {
        value = findKey<Quote>(p, row, object);
        if (!value) return 0;
        row = keyRow;
        kind = load<u8>(row, Row.Kind);
        key = keyStart;
        if (row <= last && object == objects<Quote>()) {
          const foundEnd = keyEnd;
          if (!readRuns<Quote>()) return 0;
          keyStart = key;
          keyEnd = foundEnd;
        }
      }
      const member = p;
      p = value;
      let byte = <u32>load<u8>(p);
      if (mayBeSpace(byte)) {
        p = skipSpace<Quote>(p);
        byte = load<u8>(p);
      }
      switch (kind) {
        case Kind.Text: {
          const start = p;
          if (load<Quote>(p) == quote<Quote>()) {
            p = scanText<Quote>(p + sizeof<Quote>(), findStop(p + sizeof<Quote>()), slotOf(row));
            if (!p) return 0;
            continue;
          }
          if (byte == Byte.LowerN || byte == Byte.OpenBrace || byte == Byte.OpenBracket) break;
          p = bareScalarEnd(p);
          if (!p) return 0;
          setBare(slotOf(row), start, p);
          continue;
        }
        case Kind.Number: {
          const start = p;
          if (isDigit(byte) || byte == Byte.Minus) {
            p = numberEnd(p);
            if (!p) return 0;
            setBare(slotOf(row), start, p);
            continue;
          }
          if (load<Quote>(p) == quote<Quote>()) {
            const end = stringEnd<Quote>(start + sizeof<Quote>());
            if (!end) return 0;
            if (setInteger<Quote>(slotOf(row), start + sizeof<Quote>(), end)) {
              p = end + sizeof<Quote>();
              continue;
            }
          }
          break;
        }
        case Kind.Bool: {
          const start = p;
          const literal = load<u32>(p);
          if (literal == Word.True) p += 4;
          else if (literal == Word.Fals && load<u8>(p, 4) == Byte.LowerE) p += 5;
          else break;
          setBare(slotOf(row), start, p);
          continue;
        }
        case Kind.Repeating: {
          if (!isContainer(byte)) break;
          const start = p;
          p = recall<Quote>(start, row);
          if (p) continue;
          p = copyValue<Quote>(start, load<u16>(object, Header.Depth));
          if (!p) return 0;
          setBare(slotOf(row), valueStart, valueEnd);
          if (load<u16>(row, Row.Child) && !scanCopy(row)) return 0;
          if (vacancy) keep<Quote>(start, p, row);
          continue;
        }
        case Kind.Object: {
          if (byte != Byte.OpenBrace) break;
          p = scanObject<Quote>(p + 1, objects<Quote>() + load<u16>(row, Row.Child));
          if (!p) return 0;
          continue;
        }
        case Kind.Run: {
          // Where it is not kept, the rows of its members follow.
          p = recallRun<Quote>(member, row);
          if (p != member) row = object + load<u16>(row, Row.Child);
          continue;
        }
        case Kind.Protocol: {
          if (byte != Byte.OpenBrace) break;
          if (!key) setFoundKey<Quote>(member, value);
          if (!nameProtocol(keyStart, keyEnd)) break;
          p = scanObject<Quote>(p + 1, objects<Quote>() + load<u16>(row, Row.Child));
          if (!p) return 0;
          continue;
        }
        case Kind.Dynamic:
        case Kind.Members: {
          if (!isContainer(byte)) break;
          p = copyValue<Quote>(p, load<u16>(object, Header.Depth));
          if (!p) return 0;
          setBare(slotOf(row), valueStart, valueEnd);
          if (load<u16>(row, Row.Child) && !scanCopy(row)) return 0;
          continue;
        }
        case Kind.TrueKeys: {
          if (byte != Byte.OpenBrace) break;
          p = scanTrueKeys<Quote>(p + 1, objects<Quote>() + load<u16>(row, Row.Child), slotOf(row));
          if (!p) return 0;
          continue;
        }
        case Kind.Timestamp: {
          if (load<Quote>(p) != quote<Quote>()) break;
          const start = p + sizeof<Quote>();
          const end = stringEnd<Quote>(start);
          if (!end) return 0;
          if (!setTimestamp(slotOf(row), start, end)) break;
          p = end + sizeof<Quote>();
          continue;
        }
        default:
          // It has no row: the next key is behind that of the last one.
          row = last;
      }
      if (!key) setFoundKey<Quote>(member, value);
      p = scanMisfit<Quote>(p, object, keyStart, keyEnd);
      if (!p) return 0;
    } while (false);

    if (load<u8>(p) != Byte.Comma) {
      p = skipSpace<Quote>(p);
      if (load<u8>(p) == Byte.CloseBrace) return p + 1;
      if (load<u8>(p) != Byte.Comma) return fail(Failure.Unexpected, p);
    }
    word = load<u64>(p);
    // Keys come in the order of the rows, some of them left out. The End stops the search.
    last = row;
    store<u64>(end, word);
    do {
      row += Row.size;
    } while (differsFirst<Quote>(row, word));
  }
}

/** Whether a member is none of the row, as far as its first eight bytes tell. */
// @ts-ignore: decorator
@inline
function differsFirst<Quote>(row: usize, word: u64): bool {
  return sizeof<Quote>() == 2 ? word != load<u64>(row) : ((word ^ load<u64>(row)) & load<u64>(row, Row.Mask)) != 0;
}

/** Not 0 where the member at `p`, whose first eight bytes are the row's, is none of it all the same. */
// @ts-ignore: decorator
@inline
function differsBehind(row: usize, p: usize): u64 {
  const lastBytesAt = <usize>load<u8>(row, Row.LastBytesAt);
  let difference: u64 = 0;
  if (lastBytesAt) {
    difference = load<u64>(p + lastBytesAt) ^ load<u64>(row, Row.LastBytes);
    if (lastBytesAt > 8) {
      difference |= load<u64>(p, 8) ^ load<u64>(row, Row.Bytes8);
      if (lastBytesAt > 16) difference |= load<u64>(p, 16) ^ load<u64>(row, Row.Bytes16);
    }
  }
  return difference;
}

/** Whether the member at `p` is the row's, as Cilium writes it. */
export function rowMatches<Quote>(row: usize, p: usize): bool {
  return load<u8>(row, Row.Kind) != Kind.Run && !differsFirst<Quote>(row, load<u64>(p)) && !differsBehind(row, p);
}

/** How far behind its comma the value of the row's member stands; of a Text, what follows its quote. */
// @ts-ignore: decorator
@inline
export function valueOffset(row: usize): usize {
  return load<u16>(row, Row.ValueAt);
}

/** The slot of a row, by its address. */
// @ts-ignore: decorator
@inline
function slotOf(row: usize): usize {
  return SLOTS + <usize>load<u16>(row, Row.Slot);
}

// @ts-ignore: decorator
@inline
function isContainer(byte: u32): bool {
  // Both brackets have the same low bits.
  return (byte | 0x20) == Byte.OpenBrace;
}

/** The key that was met last, and its row. */
let keyStart: usize = 0;
let keyEnd: usize = 0;
let keyRow: usize = 0;

/** Notes the key of the member at `member`, which a row has recognised: its value, no Text, is at `value`. */
function setFoundKey<Quote>(member: usize, value: usize): void {
  keyStart = member + 1 + sizeof<Quote>();
  keyEnd = value - 1 - sizeof<Quote>();
}

/**
 * Reads the key of the member at `p`, which stands in another place than Cilium writes it, has no row, or is written in
 * another way. Looks for its row from `row` on, then from the start. Returns the address behind its colon, or 0 (see
 * `fail`).
 */
function findKey<Quote>(p: usize, row: usize, object: usize): usize {
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
  const end = object + toPlain + load<u16>(object, Header.End);
  keyRow = findRow(member, row + toPlain, end);
  if (keyRow == end) keyRow = findRow(member, object + toPlain + Header.size, end);
  keyRow -= toPlain;
  if (load<u8>(keyRow, Row.Kind) == Kind.Run) keyRow += Row.size;
  p = skipSpace<Quote>(p + sizeof<Quote>());
  return load<u8>(p) == Byte.Colon ? p + 1 : fail(Failure.Unexpected, p);
}

/** The three bytes `":"`. */
const QUOTE_COLON_QUOTE: u32 = 0x22_3a22;

/** Returns the row of a plain member, from `row` on, or the end of the rows. */
function findRow(member: usize, row: usize, end: usize): usize {
  const word = load<u64>(member);
  store<u64>(end, word);
  while (true) {
    while (differsFirst<u8>(row, word)) row += Row.size;
    if (row == end || !differsBehind(row, member)) return row;
    row += Row.size;
  }
}

/**
 * Reads the string whose content starts at `start`, and whose plain bytes end at `end`, into a slot. Returns the address
 * behind it, or 0 (see `fail`).
 */
function scanText<Quote>(start: usize, end: usize, slot: usize): usize {
  if (load<Quote>(end) == quote<Quote>()) setQuoted(slot, start, end);
  else if (sizeof<Quote>() == 1) {
    end = unusualStringEnd<Quote>(end);
    if (!end) return 0;
    setQuoted(slot, start, end);
  } else {
    end = escapedStringEnd(end);
    if (!end) return 0;
    const copy = top;
    keepUpTo(copyUnescaped(copy, start, end));
    setQuoted(slot, copy, top);
  }
  return end + sizeof<Quote>();
}

/** Puts the integer that a string holds, as JSON writes it and of at most 18 digits, into a slot. Returns whether it is. */
function setInteger<Quote>(slot: usize, start: usize, end: usize): bool {
  if (isInteger(start, end)) {
    setBare(slot, start, end);
    return true;
  }
  if (sizeof<Quote>() == 2 || findStop(start) == end) return false;
  const text = top + 1;
  const textEnd = canonicalString(start, end) - 1;
  if (!isInteger(text, textEnd)) return false;
  keepUpTo(textEnd);
  setBare(slot, text, textEnd);
  return true;
}

function isInteger(p: usize, end: usize): bool {
  if (load<u8>(p) == Byte.Minus) p++;
  const digits = end - p;
  if (digits - 1 > 17 || (digits > 1 && load<u8>(p) == Byte.Digit0)) return false;
  while (isDigit(load<u8>(p))) p++;
  return p == end;
}

/** Takes columns from the copy of the dynamic value that was read last. Returns false (see `fail`) where that failed. */
function scanCopy(row: usize): bool {
  const end = valueEnd;
  let p = valueStart;
  if (load<u8>(row, Row.Kind) == Kind.Repeating) {
    if (load<u8>(p) != Byte.OpenBracket) return true;
    p = skipSpace<u8>(p + 1);
  }
  if (p >= end || load<u8>(p) != Byte.OpenBrace) return true;
  return scanObject<u8>(p + 1, PLAIN_OBJECTS + load<u16>(row, Row.Child)) != 0;
}

/** Makes the key the flow's L4Protocol. Returns false where it has one already. */
function nameProtocol(key: usize, keyEnd: usize): bool {
  if (getSlot(Slot.L4Protocol)) return false;
  setQuoted(slotAddress(Slot.L4Protocol), key, keyEnd);
  return true;
}

/** Puts an RFC 3339 time into a slot. Returns false where the text is none. */
export function setTimestamp(slot: usize, start: usize, end: usize): bool {
  let out = top;
  let copyEnd = copyTimestamp(start, end, out);
  if (!copyEnd) {
    if (findStop(start) == end) return false;
    const textEnd = canonicalString(start, end);
    if (!textEnd) return false;
    copyEnd = copyTimestamp(out + 1, textEnd - 1, textEnd);
    if (!copyEnd) return false;
    out = textEnd;
  }
  keepUpTo(copyEnd);
  setQuoted(slot, out, copyEnd);
  return true;
}

/**
 * Reads the flags whose first key is at `p` and puts the names of those that are true into `slot`. Returns the address
 * behind the closing brace, or 0 (see `fail`).
 */
function scanTrueKeys<Quote>(p: usize, object: usize, slot: usize): usize {
  const names = top;
  const end = copyTrueKeys<Quote>(p);
  if (!end) return 0;
  if (top > names) setQuoted(slot, names, top);
  return isEveryFlagBool ? end : scanFlagMisfits<Quote>(p, object);
}

/** Whether the flags that `copyTrueKeys` read last were all true or false. */
let isEveryFlagBool: bool = true;

/** Copies the names of the true flags to `top`, joined by commas. Returns as `scanTrueKeys` does. */
function copyTrueKeys<Quote>(p: usize): usize {
  const names = top;
  isEveryFlagBool = true;
  p = skipSpace<Quote>(p);
  if (load<u8>(p) == Byte.CloseBrace) return p + 1;
  while (true) {
    const key = p + sizeof<Quote>();
    p = flagValue<Quote>(p);
    if (!p) return 0;
    const literal = load<u32>(p);
    if (literal == Word.True) {
      p += 4;
      let out = top;
      if (out > names) store<u8>(out++, Byte.Comma);
      memory.copy(out, key, flagNameEnd - key);
      keepUpTo(out + flagNameEnd - key);
    } else if (literal == Word.Fals && load<u8>(p, 4) == Byte.LowerE) {
      p += 5;
    } else {
      isEveryFlagBool = false;
      const namesEnd = top;
      p = copyValue<Quote>(p, 0);
      if (!p) return 0;
      keepUpTo(namesEnd);
    }
    p = skipSpace<Quote>(p);
    if (load<u8>(p) == Byte.CloseBrace) return p + 1;
    if (load<u8>(p) != Byte.Comma) return fail(Failure.Unexpected, p);
    p = skipSpace<Quote>(p + 1);
  }
}

/** Reads the flags again, which `copyTrueKeys` has checked, for those that are neither true nor false. */
function scanFlagMisfits<Quote>(p: usize, object: usize): usize {
  p = skipSpace<Quote>(p);
  while (true) {
    const key = p + sizeof<Quote>();
    p = flagValue<Quote>(p);
    const literal = load<u32>(p);
    if (literal == Word.True) p += 4;
    else if (literal == Word.Fals) p += 5;
    else p = scanMisfit<Quote>(p, object, key, flagNameEnd);
    if (!p) return 0;
    p = skipSpace<Quote>(p);
    if (load<u8>(p) == Byte.CloseBrace) return p + 1;
    p = skipSpace<Quote>(p + 1);
  }
}

let flagNameEnd: usize = 0;

/** Returns the address of the value whose key's quote is at `p`, or 0 (see `fail`), and sets `flagNameEnd`. */
function flagValue<Quote>(p: usize): usize {
  if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
  p = stringEnd<Quote>(p + sizeof<Quote>());
  if (!p) return 0;
  flagNameEnd = p;
  p = skipSpace<Quote>(p + sizeof<Quote>());
  return load<u8>(p) == Byte.Colon ? skipSpace<Quote>(p + 1) : fail(Failure.Unexpected, p);
}

/**
 * Reads a value that has no column, or does not fit its column, into AdditionalFields; a `null` is no value. Returns
 * the address behind it, or 0 (see `fail`).
 */
function scanMisfit<Quote>(p: usize, object: usize, key: usize, keyEnd: usize): usize {
  if (load<u32>(p) == Word.Null) return p + 4;
  const offset = object - objects<Quote>();
  if (offset == ObjectOffset.L4) nameProtocol(key, keyEnd);
  p = copyValue<Quote>(p, load<u16>(object, Header.Depth));
  if (!p) return 0;
  const isCopy = load<u16>(object, Header.IsCopy);
  if (!isCopy && !appendMember(ADDITIONAL_FIELDS, offset, key, keyEnd - key, valueStart, valueEnd)) return 0;
  return p;
}
