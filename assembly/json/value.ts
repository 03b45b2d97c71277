import { hasRoom, keepUpTo, top } from "../arena";
import { Byte, Word, isDigit, skipSpace } from "./byte";
import { Failure, fail } from "./failure";
import { copyUnescaped, escapedStringEnd, findStop, quote, unusualStringEnd } from "./string";

/** How many containers may lie inside each other, the outermost being the first. */
export let maxDepth: i32 = i32.MAX_VALUE;

export function setMaxDepth(depth: i32): void {
  maxDepth = depth;
}

/** The value that `copyValue` met last, as plain JSON. */
export let valueStart: usize = 0;
export let valueEnd: usize = 0;

/**
 * A number of more digits in front of its point is over the range of a double, and Fluent Bit refuses it (yyjson: "number
 * is infinity when parsed as double").
 */
const MAX_MAGNITUDE: i32 = 308;

/** Returns the end of the number at `p`, or 0 (see `fail`). */
// @ts-ignore: decorator
@inline
export function numberEnd(p: usize): usize {
  let byte = <u32>load<u8>(p);
  if (byte == Byte.Minus) byte = load<u8>(++p);
  const digits = p;
  if (byte - Byte.Digit1 < 9) p = digitsEnd(p);
  else if (byte == Byte.Digit0) p++;
  else return fail(Failure.Unexpected, p);
  byte = load<u8>(p);
  const isInteger = byte == Byte.Comma || (byte != Byte.Dot && (byte | 0x20) != Byte.LowerE);
  return isInteger && <i32>(p - digits) <= MAX_MAGNITUDE ? p : fractionEnd(digits, p);
}

/** Returns the first address from `p` on that holds no digit. */
// @ts-ignore: decorator
@inline
export function digitsEnd(p: usize): usize {
  let marks: u64;
  do {
    marks = digitStops(load<u64>(p));
    p += 8;
  } while (!marks);
  return p + <usize>(ctz(marks) >> 3) - 8;
}

/** Marks, with their high bit, the bytes of a word that are no digits. The lowest mark is exact. */
// @ts-ignore: decorator
@inline
export function digitStops(word: u64): u64 {
  // A digit leaves 0 to 9.
  word ^= 0x3030303030303030;
  return ((word + 0x7676767676767676) | word) & 0x8080808080808080;
}

/** Returns the end of the number whose digits start at `digits` and end at `p`, or 0 (see `fail`). */
function fractionEnd(digits: usize, p: usize): usize {
  let magnitude = <i32>(p - digits);
  if (load<u8>(p) == Byte.Dot) {
    if (!isDigit(load<u8>(++p))) return fail(Failure.Unexpected, p);
    p = digitsEnd(p);
  }
  if (((<u32>load<u8>(p)) | 0x20) == Byte.LowerE) {
    const sign = <u32>load<u8>(++p);
    if (sign == Byte.Plus || sign == Byte.Minus) p++;
    if (!isDigit(load<u8>(p))) return fail(Failure.Unexpected, p);
    let exponent = 0;
    for (; isDigit(load<u8>(p)); p++) {
      // No text is long enough to make up for such an exponent.
      if (exponent < 100_000_000) exponent = exponent * 10 + (<i32>load<u8>(p) - Byte.Digit0);
    }
    magnitude += sign == Byte.Minus ? -exponent : exponent;
  }
  // What a record itself holds, Fluent Bit has written.
  if (magnitude > MAX_MAGNITUDE && maxDepth != i32.MAX_VALUE) return fail(Failure.OutOfRange, digits);
  return p;
}

/** Returns the end of the number, `true`, `false` or `null` at `p`, or 0 (see `fail`). */
// @ts-ignore: decorator
@inline
export function bareScalarEnd(p: usize): usize {
  const word = load<u32>(p);
  if (word == Word.True || word == Word.Null) return p + 4;
  if (word == Word.Fals && load<u8>(p, 4) == Byte.LowerE) return p + 5;
  return numberEnd(p);
}

/**
 * Reads the value at `p`, which `depth` containers surround, whatever it holds. `valueStart` and `valueEnd` then give
 * it as plain JSON: a plain one where it lies, an escaped one as a copy in the arena, for which the caller has made
 * room. Returns the address behind the value, or 0 (see `fail`).
 */
export function copyValue<Quote>(p: usize, depth: i32): usize {
  let out = top;
  const begin = sizeof<Quote>() == 2 ? out : p;
  // One bit for each open container, 1 for an object, the innermost the lowest. A value outside of any counts as one
  // in an object: no comma follows it.
  let containers: u64 = 1;
  let open = 0;
  let isKeyNext = false;
  while (true) {
    if (isKeyNext) {
      if (load<Quote>(p) != quote<Quote>()) return fail(Failure.Unexpected, p);
      const key = p + sizeof<Quote>();
      p = findStop(key);
      const isPlain = load<Quote>(p) == quote<Quote>();
      if (!isPlain) {
        p = sizeof<Quote>() == 2 ? escapedStringEnd(p) : unusualStringEnd<Quote>(p);
        if (!p) return 0;
      }
      if (sizeof<Quote>() == 2) {
        store<u8>(out++, Byte.Quote);
        if (isPlain) {
          memory.copy(out, key, p - key);
          out += p - key;
        } else out = copyUnescaped(out, key, p);
        store<u16>(out, (Byte.Colon << 8) | Byte.Quote);
        out += 2;
      }
      p += sizeof<Quote>();
      if (load<u8>(p) != Byte.Colon) {
        p = skipSpace<Quote>(p);
        if (load<u8>(p) != Byte.Colon) return fail(Failure.Unexpected, p);
      }
      p = skipSpace<Quote>(p + 1);
    }
    if (load<Quote>(p) == quote<Quote>()) {
      p += sizeof<Quote>();
      if (sizeof<Quote>() == 2) store<u8>(out++, Byte.Quote);
      const isAlone = (<u32>containers) & 1;
      // Labels, names, addresses: most arrays hold nothing but strings, which are taken in one go.
      while (true) {
        let end = findStop(p);
        if (load<Quote>(end) == quote<Quote>()) {
          if (sizeof<Quote>() == 2) {
            memory.copy(out, p, end - p);
            out += end - p;
          }
        } else if (sizeof<Quote>() == 2) {
          end = escapedStringEnd(end);
          if (!end) return 0;
          out = copyUnescaped(out, p, end);
        } else {
          end = unusualStringEnd<Quote>(end);
          if (!end) return 0;
        }
        p = end;
        if (isAlone) break;
        if (!isStringNext<Quote>(p)) break;
        if (sizeof<Quote>() == 2) {
          store<u32>(out, QUOTE_COMMA_QUOTE);
          out += 3;
        }
        p += 2 * sizeof<Quote>() + 1;
      }
      p += sizeof<Quote>();
      if (sizeof<Quote>() == 2) store<u8>(out++, Byte.Quote);
    } else {
      const byte = <u32>load<u8>(p);
      if (byte == Byte.OpenBrace || byte == Byte.OpenBracket) {
        if (depth + ++open > maxDepth) return fail(Failure.TooDeep, p);
        if (sizeof<Quote>() == 2) store<u8>(out++, byte);
        else if (!(open & 63) && !spill(open >> 6, containers)) return 0;
        isKeyNext = byte == Byte.OpenBrace;
        containers = (containers << 1) | u64(isKeyNext);
        p = skipSpace<Quote>(p + 1);
        // The brackets that close are two behind those that open.
        if (<u32>load<u8>(p) != byte + 2) continue;
      } else {
        const end = bareScalarEnd(p);
        if (!end) return 0;
        if (sizeof<Quote>() == 2) {
          memory.copy(out, p, end - p);
          out += end - p;
        }
        p = end;
      }
    }
    // A value has ended, and with it perhaps the containers around it.
    while (true) {
      if (!open) {
        if (sizeof<Quote>() == 2) keepUpTo(out);
        valueStart = begin;
        valueEnd = sizeof<Quote>() == 2 ? out : p;
        return p;
      }
      p = skipSpace<Quote>(p);
      const byte = <u32>load<u8>(p);
      isKeyNext = ((<u32>containers) & 1) != 0;
      if (sizeof<Quote>() == 2) store<u8>(out++, byte);
      if (byte == Byte.Comma) {
        p = skipSpace<Quote>(p + 1);
        break;
      }
      if (byte != <u32>(isKeyNext ? Byte.CloseBrace : Byte.CloseBracket)) return fail(Failure.Unexpected, p);
      containers >>= 1;
      if (sizeof<Quote>() == 1 && !(open & 63)) containers = spilled(open >> 6);
      open--;
      p++;
    }
  }
}

/** The three bytes `","`. */
const QUOTE_COMMA_QUOTE: u32 = 0x222c22;

/** Whether the string that ends at `p` is followed by another one. */
// @ts-ignore: decorator
@inline
function isStringNext<Quote>(p: usize): bool {
  return sizeof<Quote>() == 2
    ? (load<u64>(p) & 0xff_ffff_ffff) == 0x22_5c2c_225c
    : (load<u32>(p) & 0xff_ffff) == QUOTE_COMMA_QUOTE;
}

// Records may nest deeper than the 64 containers that one word holds; the words further out lie above `top`, one for
// each 64 containers, and an input needs 64 bytes to fill one.

function spill(index: i32, containers: u64): bool {
  if (!hasRoom((index + 1) << 3)) {
    fail(Failure.OutOfMemory, 0);
    return false;
  }
  store<u64>(top + (index << 3), containers);
  return true;
}

function spilled(index: i32): u64 {
  return load<u64>(top + (index << 3));
}
