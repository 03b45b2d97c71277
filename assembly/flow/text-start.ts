import { keepUpTo, top } from "../arena";
import { Byte, isDigit, skipSpace } from "../json/byte";
import { quote } from "../json/string";
import { textStart, unescape } from "../json/text";

/** The answer of `openingBrace` where only the unescaped text can tell. */
export const UNUSUAL: usize = 1;

/**
 * Returns the address of the brace with which a text starts, after white space and the prefix that a container
 * runtime writes (`<time> stdout F `), 0 where it starts otherwise.
 */
export function openingBrace<Quote>(p: usize): usize {
  const first = <u32>load<u8>(p);
  if (first == Byte.OpenBrace) return p;
  // An agent's own line, told by its first letter.
  if (first > 0x39 && first != Byte.Backslash) return 0;
  p = skipTextSpace<Quote>(p);
  if (isDigit(load<u8>(p))) {
    do {
      p++;
    } while (isTimeByte(load<u8>(p)));
    // " stdout " or " stderr ", then "F " or "P "
    const stream = load<u64>(p);
    const tag = load<u16>(p, 8);
    if ((stream != 0x2074756f_64747320 && stream != 0x20727265_64747320) || (tag != 0x2046 && tag != 0x2050)) {
      return sizeof<Quote>() == 2 && hasEscape(p, p + 10) ? UNUSUAL : 0;
    }
    p = skipTextSpace<Quote>(p + 10);
  }
  const byte = <u32>load<u8>(p);
  if (byte == Byte.OpenBrace) return p;
  return sizeof<Quote>() == 2 && byte == Byte.Backslash && load<u8>(p, 1) == Byte.LowerU ? UNUSUAL : 0;
}

/** Whether a backslash stands between both addresses, before the string ends. */
function hasEscape(p: usize, end: usize): bool {
  for (; p < end && load<u8>(p) != Byte.Quote; p++) {
    if (load<u8>(p) == Byte.Backslash) return true;
  }
  return false;
}

/** Whether the byte can stand in the time of a container runtime's line: `2025-01-23T07:59:23.501+01:00`. */
function isTimeByte(byte: u32): bool {
  return (
    isDigit(byte) ||
    byte == Byte.Colon ||
    byte == Byte.Minus ||
    byte == Byte.Plus ||
    byte == Byte.Dot ||
    (byte | 0x20) == Byte.LowerT ||
    (byte | 0x20) == Byte.LowerZ
  );
}

/** `skipSpace` that knows white space as it is escaped in a string too. */
// @ts-ignore: decorator
@inline
function skipTextSpace<Quote>(p: usize): usize {
  return sizeof<Quote>() == 2 ? skipEscapedSpace(p) : skipSpace<u8>(p);
}

export function skipEscapedSpace(p: usize): usize {
  while (true) {
    const byte = <u32>load<u8>(p);
    if (byte == Byte.Backslash) {
      const letter = <u32>load<u8>(p, 1);
      if (letter != Byte.LowerN && letter != Byte.LowerR && letter != Byte.LowerT) return p;
      p += 2;
    } else if (byte == Byte.Space) p++;
    else return p;
  }
}

/** Whether `"flow"` is the first key behind the brace. */
export function startsLikeFlow<Quote>(brace: usize): bool {
  const p = skipTextSpace<Quote>(brace + 1);
  return (
    load<Quote>(p) == quote<Quote>() &&
    load<u32>(p, sizeof<Quote>()) == 0x776f6c66 &&
    load<Quote>(p, sizeof<Quote>() + 4) == quote<Quote>()
  );
}

/**
 * Whether the string of a record whose content starts at `start` starts like a flow: beside an event that was found
 * merged or nested it is the text that the event was parsed from. `recordEnd` bounds it.
 */
export function isFlowText(start: usize, recordEnd: usize): bool {
  const brace = openingBrace<u16>(start);
  if (!brace) return false;
  if (brace != UNUSUAL && startsLikeFlow<u16>(brace)) return true;
  const topBefore = top;
  const isText = unescape(start, recordEnd) != 0;
  const plainBrace = isText ? openingBrace<u8>(textStart) : 0;
  const answer = plainBrace != 0 && startsLikeFlow<u8>(plainBrace);
  keepUpTo(topBefore);
  return answer;
}
