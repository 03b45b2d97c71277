import { keepUpTo, top } from "../arena";
import { Byte, Word, skipSpace } from "../json/byte";
import { Failure, fail } from "../json/failure";
import { quote, stringEnd } from "../json/string";
import { copyValue } from "../json/value";
import { scanMisfit } from "./misfit";
import { setQuoted } from "./slots";

/**
 * Reads the flags whose first key is at `p` and puts the names of those that are true into `slot`. Returns the address
 * behind the closing brace, or 0 (see `fail`).
 */
export function scanTrueKeys<Quote>(p: usize, object: usize, slot: usize): usize {
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
