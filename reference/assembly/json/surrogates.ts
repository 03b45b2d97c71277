import { isHighSurrogate, isLowSurrogate } from "./validate";

const REPLACEMENT = "\ufffd";

/**
 * Replaces every lone surrogate of a JSON text, whether it stands there itself or as an escape, by U+FFFD: not every
 * reader takes a lone surrogate, and UTF-8 cannot write it.
 */
export function withoutLoneSurrogates(json: string): string {
  let sound = "";
  let copied = 0;
  let index = 0;
  while (index < json.length) {
    const length = unitLength(json, index);
    const unit = unitAt(json, index, length);
    const next = index + length;
    if (isHighSurrogate(unit) && next < json.length) {
      const nextLength = unitLength(json, next);
      if (nextLength == length && isLowSurrogate(unitAt(json, next, nextLength))) {
        index = next + nextLength;
        continue;
      }
    }
    if (isHighSurrogate(unit) || isLowSurrogate(unit)) {
      sound += json.substring(copied, index) + REPLACEMENT;
      copied = next;
    }
    index = next;
  }
  return sound + json.substring(copied);
}

/** How many characters of the JSON text make the UTF-16 code unit at `index`. */
function unitLength(json: string, index: i32): i32 {
  if (json.charAt(index) != "\\") return 1;
  return json.charAt(index + 1) == "u" ? 6 : 2;
}

function unitAt(json: string, index: i32, length: i32): i32 {
  if (length == 2) return 0;
  return length == 1 ? json.charCodeAt(index) : I32.parseInt(json.substr(index + 2, 4), 16);
}
