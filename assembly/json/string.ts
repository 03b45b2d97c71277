import { Byte, hex4 } from "./byte";
import { Failure, fail } from "./failure";

// The scanner reads JSON in two ways of writing a quote, and the type parameter Quote says which: `u8` is the plain
// `"`, `u16` the `\"` of a text that lies escaped inside another JSON string. Both are loaded and compared as one value.

/** The quote as `load<Quote>` reads it. */
// @ts-ignore: decorator
@inline
export function quote<Quote>(): Quote {
  return <Quote>(sizeof<Quote>() == 1 ? Byte.Quote : (Byte.Quote << 8) | Byte.Backslash);
}

/**
 * Marks, with their high bit, the bytes of a word that end a plain run of a string: quote, backslash, control
 * characters and everything outside ASCII. The lowest mark is exact, those above it need not be.
 */
// @ts-ignore: decorator
@inline
export function stops(word: u64): u64 {
  // `byte ^ 2` brings the quote (0x22) down to 0x20, right above the control characters, so that one subtraction
  // finds both. A byte outside ASCII keeps its high bit in at least one of the two differences.
  return (
    (((word ^ 0x0202020202020202) - 0x2121212121212121) | ((word ^ 0x5c5c5c5c5c5c5c5c) - 0x0101010101010101)) &
    0x8080808080808080
  );
}

/** Returns the first address from `p` on that `stops` marks. A NUL must end the text. */
// @ts-ignore: decorator
@inline
export function findStop(p: usize): usize {
  let marks: u64;
  do {
    marks = stops(load<u64>(p));
    p += 8;
  } while (!marks);
  return p + <usize>(ctz(marks) >> 3) - 8;
}

/** Returns the address of the quote that ends the string whose content starts at `p`, or 0 (see `fail`). */
// @ts-ignore: decorator
@inline
export function stringEnd<Quote>(p: usize): usize {
  p = findStop(p);
  if (load<Quote>(p) == quote<Quote>()) return p;
  return unusualStringEnd<Quote>(p);
}

/**
 * `stringEnd` from the first byte on that is not plain ASCII. In an escaped text that is a reason to give up: whoever
 * scans it starts again on the unescaped text.
 */
export function unusualStringEnd<Quote>(p: usize): usize {
  if (sizeof<Quote>() == 2) return fail(Failure.Unexpected, p);
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte == Byte.Quote) return p;
    if (byte == Byte.Backslash) p = escapeEnd(p);
    else if (byte >= 0x80) {
      const length = utf8Length(p);
      if (!length) return fail(Failure.InvalidUtf8, p);
      p += length;
    } else return fail(Failure.ControlCharacter, p);
    if (!p) return 0;
    p = findStop(p);
  }
}

/**
 * The end of an escaped string from the first byte on that is not plain ASCII, for whoever copies it with
 * `copyUnescaped`: it may hold the escapes of the text (`\\n`, `\\\"`, `\\u0026`), and UTF-8. Returns the address of
 * the quote, or 0 (see `fail`), also for what only the unescaped text can tell.
 */
export function escapedStringEnd(p: usize): usize {
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte >= 0x80) {
      const length = utf8Length(p);
      if (!length) return fail(Failure.InvalidUtf8, p);
      p += length;
    } else if (load<u16>(p) == quote<u16>()) {
      return p;
    } else if (load<u16>(p) == escapedBackslash) {
      p = textEscapeEnd(p);
      if (!p) return 0;
    } else return fail(Failure.Unexpected, p);
    p = findStop(p);
  }
}

/** The two bytes `\\` as `load<u16>` reads them: a backslash of the text. */
const escapedBackslash: u16 = <u16>((Byte.Backslash << 8) | Byte.Backslash);

/** Returns the end of the text's escape whose backslash is written at `p`, or 0 (see `fail`). */
function textEscapeEnd(p: usize): usize {
  switch (<u32>load<u8>(p, 2)) {
    case Byte.Slash:
    case Byte.LowerB:
    case Byte.LowerF:
    case Byte.LowerN:
    case Byte.LowerR:
    case Byte.LowerT:
      return p + 3;
    case Byte.LowerU: {
      const unit = hex4(p + 3);
      return unit < 0 || (unit >= 0xd800 && unit <= 0xdfff) ? fail(Failure.InvalidEscape, p) : p + 7;
    }
    case Byte.Backslash: {
      const escaped = load<u16>(p, 2);
      if (escaped == quote<u16>() || escaped == escapedBackslash) return p + 4;
      break;
    }
    default:
      break;
  }
  return fail(Failure.InvalidEscape, p);
}

/** Copies what `escapedStringEnd` has checked to `out`, one level of backslashes less. Returns the address behind it. */
export function copyUnescaped(out: usize, p: usize, end: usize): usize {
  while (p < end) {
    let stop = findStop(p);
    // In the text's bytes outside ASCII there is nothing to unescape.
    while (load<u8>(stop) >= 0x80) stop = findStop(stop + utf8Length(stop));
    if (stop > end) stop = end;
    memory.copy(out, p, stop - p);
    out += stop - p;
    if (stop == end) break;
    store<u8>(out++, load<u8>(stop, 1));
    p = stop + 2;
  }
  return out;
}

/** Returns the end of the escape whose backslash is at `p`, a surrogate pair counting as one, or 0 (see `fail`). */
export function escapeEnd(p: usize): usize {
  switch (<u32>load<u8>(p, 1)) {
    case Byte.Quote:
    case Byte.Backslash:
    case Byte.Slash:
    case Byte.LowerB:
    case Byte.LowerF:
    case Byte.LowerN:
    case Byte.LowerR:
    case Byte.LowerT:
      return p + 2;
    case Byte.LowerU:
      break;
    default:
      return fail(Failure.InvalidEscape, p);
  }
  const unit = hex4(p + 2);
  if (unit < 0) return fail(Failure.InvalidEscape, p);
  if (unit < 0xd800 || unit > 0xdfff) return p + 6;
  if (unit < 0xdc00 && load<u16>(p, 6) == escapeU) {
    const low = hex4(p + 8);
    if (low >= 0xdc00 && low <= 0xdfff) return p + 12;
  }
  return fail(Failure.LoneSurrogate, p);
}

/** The two bytes `\u` as `load<u16>` reads them. */
const escapeU: u16 = <u16>((Byte.LowerU << 8) | Byte.Backslash);

/** The length of the UTF-8 sequence of two or more bytes at `p`, or 0 where it is none (RFC 3629, table in section 4). */
export function utf8Length(p: usize): u32 {
  const lead = <u32>load<u8>(p);
  const second = <u32>load<u8>(p, 1);
  if (lead - 0xc2 < 0x1e) return isContinuation(second) ? 2 : 0;
  if (lead - 0xe0 < 0x10) {
    if (!isContinuation(second) || !isContinuation(load<u8>(p, 2))) return 0;
    return (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ? 0 : 3;
  }
  if (lead - 0xf0 < 5) {
    if (!isContinuation(second) || !isContinuation(load<u8>(p, 2)) || !isContinuation(load<u8>(p, 3))) return 0;
    return (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f) ? 0 : 4;
  }
  return 0;
}

// @ts-ignore: decorator
@inline
function isContinuation(byte: u32): bool {
  return (byte & 0xc0) == 0x80;
}

/** Writes a code point as UTF-8 at `out`. Returns the address behind it. */
export function writeUtf8(out: usize, point: u32): usize {
  if (point < 0x80) {
    store<u8>(out, point);
    return out + 1;
  }
  if (point < 0x800) {
    store<u16>(out, 0x80c0 | (point >> 6) | ((point & 0x3f) << 8));
    return out + 2;
  }
  if (point < 0x10000) {
    store<u16>(out, 0x80e0 | (point >> 12) | (((point >> 6) & 0x3f) << 8));
    store<u8>(out, 0x80 | (point & 0x3f), 2);
    return out + 3;
  }
  store<u32>(
    out,
    0x808080f0 | (point >> 18) | (((point >> 12) & 0x3f) << 8) | (((point >> 6) & 0x3f) << 16) | ((point & 0x3f) << 24),
  );
  return out + 4;
}

/** The character that the escape at `p` stands for; `escapeEnd` has checked it. */
export function escapedPoint(p: usize): u32 {
  const letter = <u32>load<u8>(p, 1);
  switch (letter) {
    case Byte.LowerB:
      return 0x08;
    case Byte.LowerF:
      return 0x0c;
    case Byte.LowerN:
      return Byte.LineFeed;
    case Byte.LowerR:
      return Byte.CarriageReturn;
    case Byte.LowerT:
      return Byte.Tab;
    case Byte.LowerU: {
      const unit = <u32>hex4(p + 2);
      if (unit < 0xd800 || unit > 0xdfff) return unit;
      return 0x10000 + ((unit - 0xd800) << 10) + (<u32>hex4(p + 8) - 0xdc00);
    }
    default:
      return letter;
  }
}
