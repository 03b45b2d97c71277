import { hasRoom, keepUpTo, top } from "../arena";
import { Byte } from "./byte";
import { Failure, fail, failure } from "./failure";
import { escapeEnd, escapedPoint, findStop, utf8Length, writeUtf8 } from "./string";

const REPLACEMENT_CHARACTER: u32 = 0xfffd;

/** The text that `unescape` made, and where in it the first lone surrogate of its source stood (0 for none). */
export let textStart: usize = 0;
export let textEnd: usize = 0;
export let loneSurrogateAt: usize = 0;

/**
 * Writes the string whose content starts at `p` into the arena as the text it stands for, ended by a NUL. A lone
 * surrogate becomes U+FFFD. Returns the address of the closing quote, or 0 (see `fail`).
 *
 * `limit` bounds the string: the end of the record it is part of.
 */
export function unescape(p: usize, limit: usize): usize {
  if (!hasRoom(limit - p + 1)) return fail(Failure.OutOfMemory, p);
  let out = top;
  textStart = out;
  loneSurrogateAt = 0;
  while (true) {
    const stop = findStop(p);
    memory.copy(out, p, stop - p);
    out += stop - p;
    p = stop;
    const byte = <u32>load<u8>(p);
    if (byte == Byte.Quote) break;
    if (byte == Byte.Backslash) {
      const end = escapeEnd(p);
      if (end) {
        out = writeUtf8(out, escapedPoint(p));
        p = end;
      } else {
        if (failure != Failure.LoneSurrogate) return 0;
        if (!loneSurrogateAt) loneSurrogateAt = out;
        out = writeUtf8(out, REPLACEMENT_CHARACTER);
        p += 6;
      }
    } else {
      if (byte < 0x80) return fail(Failure.ControlCharacter, p);
      const length = utf8Length(p);
      if (!length) return fail(Failure.InvalidUtf8, p);
      store<u32>(out, load<u32>(p));
      out += length;
      p += length;
    }
  }
  textEnd = out;
  store<u8>(out, 0);
  keepUpTo(out + 1);
  return p;
}

/**
 * Writes the JSON string whose content starts at `start` and whose closing quote is at `end`, as `"…"` with every
 * escape that JSON does not need spelled out as its character. Two ways of writing one string become the same bytes.
 * Returns the address behind it, or 0 where there is no room. `escapeEnd` has checked the string.
 */
export function canonicalString(start: usize, end: usize): usize {
  // The longest growth is none: an escape is at least as long as what replaces it.
  if (!hasRoom(end - start + 2)) return fail(Failure.OutOfMemory, start);
  let out = top;
  store<u8>(out++, Byte.Quote);
  for (let p = start; p < end;) {
    const byte = <u32>load<u8>(p);
    if (byte != Byte.Backslash) {
      store<u8>(out++, byte);
      p++;
      continue;
    }
    const point = escapedPoint(p);
    p = escapeEnd(p);
    if (point < 0x20 || point == Byte.Quote || point == Byte.Backslash) out = writeEscape(out, point);
    else out = writeUtf8(out, point);
  }
  store<u8>(out++, Byte.Quote);
  return out;
}

/** Writes one of the characters that JSON must escape in its shortest form. Returns the address behind it. */
function writeEscape(out: usize, point: u32): usize {
  let letter: u32 = 0;
  switch (point) {
    case Byte.Quote:
    case Byte.Backslash:
      letter = point;
      break;
    case 0x08:
      letter = Byte.LowerB;
      break;
    case 0x0c:
      letter = Byte.LowerF;
      break;
    case Byte.LineFeed:
      letter = Byte.LowerN;
      break;
    case Byte.CarriageReturn:
      letter = Byte.LowerR;
      break;
    case Byte.Tab:
      letter = Byte.LowerT;
      break;
    default:
      break;
  }
  store<u8>(out++, Byte.Backslash);
  if (letter) {
    store<u8>(out++, letter);
    return out;
  }
  store<u8>(out, Byte.LowerU);
  store<u16>(out, 0x3030, 1);
  store<u8>(out, Byte.Digit0 + (point >> 4), 3);
  const low = point & 15;
  store<u8>(out, low < 10 ? Byte.Digit0 + low : Byte.LowerA + low - 10, 4);
  return out + 5;
}

/**
 * Copies JSON to `out`, replacing what no JSON reader has to accept, lone surrogates and bytes that are not UTF-8,
 * by U+FFFD. A byte takes three at the most. Returns the address behind the copy.
 */
export function copyReplacingInvalid(out: usize, p: usize, end: usize): usize {
  while (p < end) {
    const byte = <u32>load<u8>(p);
    let length: u32 = 1;
    if (byte == Byte.Backslash) {
      const next = escapeEnd(p);
      if (next) length = <u32>(next - p);
      else if (failure == Failure.LoneSurrogate) {
        // The escape of U+FFFD, as long as the one it replaces.
        store<u32>(out, 0x6666_755c);
        store<u16>(out, 0x6466, 4);
        out += 6;
        p += 6;
        continue;
      }
    } else if (byte >= 0x80) {
      length = utf8Length(p);
      if (!length) {
        out = writeUtf8(out, REPLACEMENT_CHARACTER);
        p++;
        continue;
      }
    }
    memory.copy(out, p, length);
    out += length;
    p += length;
  }
  return out;
}

/** Whether scanning stopped at something that `copyReplacingInvalid` replaces. */
export function isReplaceable(): bool {
  return failure == Failure.LoneSurrogate || failure == Failure.InvalidUtf8;
}
