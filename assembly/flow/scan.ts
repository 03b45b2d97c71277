import { keepUpTo, top } from "../arena";
import { Byte, Word, isDigit, mayBeSpace, skipSpace } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { copyUnescaped, escapedStringEnd, findStop, quote, stringEnd, unusualStringEnd } from "../json/string";
import { canonicalString } from "../json/text";
import { bareScalarEnd, copyValue, numberEnd, valueEnd, valueStart } from "../json/value";
import { ADDITIONAL_FIELDS, appendMember } from "./members";
import { SLOTS, getSlot, setBare, setQuoted, slotAddress } from "./slots";
import { Kind, OBJECTS, ObjectOffset, Slot } from "./tables";
import { copyTimestamp } from "./timestamp";

// The layout of an object and its rows is drawn in tables.ts.
const HEADER_SIZE: usize = 16;
const ROW_SIZE: usize = 48;
const MASK: usize = 8;
const LAST_BYTES: usize = 16;
const BYTES_8: usize = 24;
const BYTES_16: usize = 32;
const LENGTH: usize = 40;
const KIND: usize = 41;
const SLOT: usize = 42;
const CHILD: usize = 44;

/**
 * Reads the object of the flow whose first key is at `p`, behind its brace, into the slots and AdditionalFields.
 * `object` is its table. Returns the address behind its closing brace, or 0 (see `fail`).
 *
 * The calls nest as deep as the tables do, whatever the input.
 */
export function scanObject<Quote>(p: usize, object: usize): usize {
  const beforeRows = object + HEADER_SIZE - ROW_SIZE;
  let row = beforeRows;
  p = skipSpace<Quote>(p);
  if (load<u8>(p) == Byte.CloseBrace) return p + 1;
  if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
  p += sizeof<Quote>();
  while (true) {
    // Keys come in the order of the rows, some of them left out; any other order takes a second lap.
    const word = load<u64>(p);
    do {
      row += ROW_SIZE;
    } while ((word ^ load<u64>(row)) & load<u64>(row, MASK));

    do {
      // Most members: a string, for a column that takes it as it stands.
      let keyLength = <usize>load<u8>(row, LENGTH);
      if (load<u8>(row, KIND) == Kind.Text) {
        if (isStringNext<Quote>(p + keyLength)) {
          if (!differsBehindWord(row, p, keyLength)) {
            const start = p + keyLength + 2 * sizeof<Quote>() + 1;
            const end = findStop(start);
            if (load<Quote>(end) == quote<Quote>()) {
              setQuoted(SLOTS + load<u16>(row, SLOT), start, end);
              p = end + sizeof<Quote>();
              break;
            }
          }
        }
      }

      let key = p;
      let isSecondLap = false;
      while (!keyLength || !isKey<Quote>(row, p, keyLength)) {
        if (!keyLength) {
          if (isSecondLap) break;
          isSecondLap = true;
          row = beforeRows;
        }
        do {
          row += ROW_SIZE;
        } while ((word ^ load<u64>(row)) & load<u64>(row, MASK));
        keyLength = load<u8>(row, LENGTH);
      }
      let matched = row;
      if (keyLength) p += keyLength;
      else {
        row = beforeRows;
        p = stringEnd<Quote>(p);
        if (!p) return 0;
        keyLength = p - key;
        if (sizeof<Quote>() == 1 && findStop(key) != p) {
          // Escapes can spell the key of a row, too.
          const end = canonicalString(key, p);
          if (!end) return 0;
          key = top + 1;
          keyLength = end - 1 - key;
          keepUpTo(end);
          matched = findRow(key, beforeRows + ROW_SIZE);
        }
      }
      p += sizeof<Quote>();
      if (load<u8>(p) != Byte.Colon) {
        p = skipSpace<Quote>(p);
        if (load<u8>(p) != Byte.Colon) return fail(Failure.Unexpected, p);
      }
      let byte = <u32>load<u8>(++p);
      if (mayBeSpace(byte)) {
        p = skipSpace<Quote>(p);
        byte = load<u8>(p);
      }

      const slot = SLOTS + load<u16>(matched, SLOT);
      let fits = true;
      const kind = <u32>load<u8>(matched, KIND);
      switch (kind) {
        case Kind.Text: {
          if (load<Quote>(p) == quote<Quote>()) {
            const start = p + sizeof<Quote>();
            p = findStop(start);
            if (load<Quote>(p) == quote<Quote>()) setQuoted(slot, start, p);
            else if (sizeof<Quote>() == 1) {
              p = unusualStringEnd<Quote>(p);
              if (!p) return 0;
              setQuoted(slot, start, p);
            } else {
              p = escapedStringEnd(p);
              if (!p) return 0;
              const copy = top;
              keepUpTo(copyUnescaped(copy, start, p));
              setQuoted(slot, copy, top);
            }
            p += sizeof<Quote>();
          } else if (byte == Byte.LowerN || byte == Byte.OpenBrace || byte == Byte.OpenBracket) {
            fits = false;
          } else {
            const start = p;
            p = bareScalarEnd(p);
            if (!p) return 0;
            setBare(slot, start, p);
          }
          break;
        }
        case Kind.Number: {
          if (isDigit(byte) || byte == Byte.Minus) {
            const start = p;
            p = numberEnd(p);
            if (!p) return 0;
            setBare(slot, start, p);
          } else {
            fits = false;
            if (load<Quote>(p) == quote<Quote>()) {
              const start = p + sizeof<Quote>();
              const end = stringEnd<Quote>(start);
              if (!end) return 0;
              if (setInteger<Quote>(slot, start, end)) {
                p = end + sizeof<Quote>();
                fits = true;
              }
            }
          }
          break;
        }
        case Kind.Bool: {
          const start = p;
          const literal = load<u32>(p);
          if (literal == Word.True) p += 4;
          else if (literal == Word.Fals && load<u8>(p, 4) == Byte.LowerE) p += 5;
          else fits = false;
          if (fits) setBare(slot, start, p);
          break;
        }
        case Kind.Dynamic:
        case Kind.FirstElement:
        case Kind.Members: {
          // Both brackets have the same low bits.
          if ((byte | 0x20) == Byte.OpenBrace) {
            p = copyValue<Quote>(p, load<i32>(object, 8));
            if (!p) return 0;
            setBare(slot, valueStart, valueEnd);
            if (kind != Kind.Dynamic && !scanCopy(matched)) return 0;
          } else fits = false;
          break;
        }
        case Kind.Object: {
          if (byte == Byte.OpenBrace) {
            p = scanObject<Quote>(p + 1, OBJECTS + load<u32>(matched, CHILD));
            if (!p) return 0;
          } else fits = false;
          break;
        }
        case Kind.Protocol: {
          if (byte == Byte.OpenBrace && nameProtocol(key, keyLength)) {
            p = scanObject<Quote>(p + 1, OBJECTS + load<u32>(matched, CHILD));
            if (!p) return 0;
          } else fits = false;
          break;
        }
        case Kind.TrueKeys: {
          if (byte == Byte.OpenBrace) {
            p = scanTrueKeys<Quote>(p + 1, OBJECTS + load<u32>(matched, CHILD), slot);
            if (!p) return 0;
          } else fits = false;
          break;
        }
        case Kind.Timestamp: {
          if (load<Quote>(p) == quote<Quote>()) {
            const start = p + sizeof<Quote>();
            const end = stringEnd<Quote>(start);
            if (!end) return 0;
            if (setTimestamp(slot, start, end)) p = end + sizeof<Quote>();
            else fits = false;
          } else fits = false;
          break;
        }
        default:
          fits = false;
      }
      if (!fits) {
        p = scanMisfit<Quote>(p, object, key, keyLength);
        if (!p) return 0;
      }
    } while (false);

    if (isMemberNext<Quote>(p)) {
      p += sizeof<Quote>() + 1;
      continue;
    }
    p = skipSpace<Quote>(p);
    if (load<u8>(p) == Byte.CloseBrace) return p + 1;
    if (load<u8>(p) != Byte.Comma) return fail(Failure.Unexpected, p);
    p = skipSpace<Quote>(p + 1);
    if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
    p += sizeof<Quote>();
  }
}

/** Whether a value ends at `p` and another key follows it without white space: `,"`. */
// @ts-ignore: decorator
@inline
function isMemberNext<Quote>(p: usize): bool {
  return sizeof<Quote>() == 2 ? (load<u32>(p) & 0xff_ffff) == 0x22_5c2c : load<u16>(p) == 0x222c;
}

/** Whether a key ends at `p` and a string follows it without white space: `":"`. */
// @ts-ignore: decorator
@inline
function isStringNext<Quote>(p: usize): bool {
  return sizeof<Quote>() == 2
    ? (load<u64>(p) & 0xff_ffff_ffff) == 0x22_5c3a_225c
    : (load<u32>(p) & 0xff_ffff) == 0x22_3a22;
}

/** Whether the key at `p`, whose first bytes match the row's, is the row's. */
// @ts-ignore: decorator
@inline
function isKey<Quote>(row: usize, p: usize, length: usize): bool {
  return load<Quote>(p + length) == quote<Quote>() && !differsBehindWord(row, p, length);
}

/** Not 0 where the bytes of the key at `p` behind the eighth are not the row's. */
// @ts-ignore: decorator
@inline
function differsBehindWord(row: usize, p: usize, length: usize): u64 {
  let difference: u64 = 0;
  if (length > 8) {
    difference = load<u64>(p + length - 8) ^ load<u64>(row, LAST_BYTES);
    if (length > 16) {
      difference |= load<u64>(p, 8) ^ load<u64>(row, BYTES_8);
      if (length > 24) difference |= load<u64>(p, 16) ^ load<u64>(row, BYTES_16);
    }
  }
  return difference;
}

/** Returns the row of a plain key, or the end of the rows. */
function findRow(key: usize, row: usize): usize {
  const word = load<u64>(key);
  while (true) {
    while ((word ^ load<u64>(row)) & load<u64>(row, MASK)) row += ROW_SIZE;
    const length = <usize>load<u8>(row, LENGTH);
    if (!length || isKey<u8>(row, key, length)) return row;
    row += ROW_SIZE;
  }
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
  if (load<u8>(row, KIND) == Kind.FirstElement) {
    if (load<u8>(p) != Byte.OpenBracket) return true;
    p = skipSpace<u8>(p + 1);
  }
  if (p >= end || load<u8>(p) != Byte.OpenBrace) return true;
  return scanObject<u8>(p + 1, OBJECTS + load<u32>(row, CHILD)) != 0;
}

/** Makes the key the flow's L4Protocol. Returns false where it has one already. */
function nameProtocol(key: usize, keyLength: usize): bool {
  if (getSlot(Slot.L4Protocol)) return false;
  setQuoted(slotAddress(Slot.L4Protocol), key, key + keyLength);
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
    else p = scanMisfit<Quote>(p, object, key, flagNameEnd - key);
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
function scanMisfit<Quote>(p: usize, object: usize, key: usize, keyLength: usize): usize {
  if (load<u32>(p) == Word.Null) return p + 4;
  if (object == OBJECTS + ObjectOffset.L4) nameProtocol(key, keyLength);
  p = copyValue<Quote>(p, load<i32>(object, 8));
  if (!p) return 0;
  const isCopy = load<u32>(object, 12);
  if (!isCopy && !appendMember(ADDITIONAL_FIELDS, object, key, keyLength, valueStart, valueEnd)) return 0;
  return p;
}
