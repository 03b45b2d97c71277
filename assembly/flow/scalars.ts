import { keepUpTo, top } from "../arena";
import { Byte, Word, isDigit } from "../json/byte";
import { copyUnescaped, escapedStringEnd, findStop, quote, stringEnd, unusualStringEnd } from "../json/string";
import { canonicalString } from "../json/text";
import { bareScalarEnd, digitStops, numberEnd } from "../json/value";
import { MISFIT } from "./misfit";
import { setBare, setQuoted } from "./slots";
import { copyTimestamp } from "./timestamp";

// Each reads the value at `p` into a slot and returns the address behind it, 0 (see `fail`), or MISFIT. They are part of
// the scanner's loop, where a call costs as much as they do.

/** Any scalar but `null`; its first byte is `byte`. */
// @ts-ignore: decorator
@inline
export function scanScalar<Quote>(p: usize, byte: u32, slot: usize): usize {
  if (load<Quote>(p) == quote<Quote>()) {
    return scanText<Quote>(p + sizeof<Quote>(), findStop(p + sizeof<Quote>()), slot);
  }
  if (byte == Byte.LowerN || byte == Byte.OpenBrace || byte == Byte.OpenBracket) return MISFIT;
  return setBareEnd(slot, p, bareScalarEnd(p));
}

/** A number whose first byte is `byte`, or a string that holds an integer. */
// @ts-ignore: decorator
@inline
export function scanNumber<Quote>(p: usize, byte: u32, slot: usize): usize {
  if (isDigit(byte) || byte == Byte.Minus) return setBareEnd(slot, p, numberEnd(p));
  if (load<Quote>(p) != quote<Quote>()) return MISFIT;
  const start = p + sizeof<Quote>();
  const end = stringEnd<Quote>(start);
  if (!end) return 0;
  return setInteger<Quote>(slot, start, end) ? end + sizeof<Quote>() : MISFIT;
}

// @ts-ignore: decorator
@inline
function setBareEnd(slot: usize, start: usize, end: usize): usize {
  if (end) setBare(slot, start, end);
  return end;
}

// @ts-ignore: decorator
@inline
export function scanBool(p: usize, slot: usize): usize {
  const end = boolEnd(p);
  if (!end) return MISFIT;
  setBare(slot, p, end);
  return end;
}

/** Returns the end of the `true` or `false` at `p`, or 0. */
// @ts-ignore: decorator
@inline
export function boolEnd(p: usize): usize {
  const literal = load<u32>(p);
  if (literal == Word.True) return p + 4;
  return literal == Word.Fals && load<u8>(p, 4) == Byte.LowerE ? p + 5 : 0;
}

/** Returns the end of a number at `p` that is an integer of one to seven digits, the first no zero; 0 for all others. */
// @ts-ignore: decorator
@inline
export function shortIntegerEnd(p: usize): usize {
  const word = load<u64>(p);
  if (((<u32>word) & 0xff) - Byte.Digit1 >= 9) return 0;
  const marks = digitStops(word);
  if (!marks) return 0;
  const end = p + <usize>(ctz(marks) >> 3);
  const byte = <u32>load<u8>(end);
  return byte == Byte.Comma || byte == Byte.CloseBrace ? end : 0;
}

export function scanTimestamp<Quote>(p: usize, slot: usize): usize {
  if (load<Quote>(p) != quote<Quote>()) return MISFIT;
  const start = p + sizeof<Quote>();
  const end = stringEnd<Quote>(start);
  if (!end) return 0;
  return setTimestamp(slot, start, end) ? end + sizeof<Quote>() : MISFIT;
}

/**
 * Reads the string whose content starts at `start`, and whose plain bytes end at `end`, into a slot. Returns the address
 * behind it, or 0 (see `fail`).
 */
export function scanText<Quote>(start: usize, end: usize, slot: usize): usize {
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

/** Puts an RFC 3339 time into a slot. Returns false where the text is none. */
// @ts-ignore: decorator
@inline
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
