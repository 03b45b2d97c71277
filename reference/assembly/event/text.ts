import { hasAt, skipWhiteSpace } from "../json/validate";

/**
 * Returns where the JSON of an event may start in a log line: at a `{` after white space and an optional CRI prefix
 * (`<time> stdout|stderr F|P `); -1 where neither is so.
 */
export function eventStart(text: string): i32 {
  let start = skipWhiteSpace(text, 0);
  start = skipWhiteSpace(text, afterCriPrefix(text, start));
  return text.charAt(start) == "{" ? start : -1;
}

/** Whether a line starts like a flow: with `{`, white space and `"flow"` where its JSON may start. */
export function startsLikeFlow(text: string): bool {
  const start = eventStart(text);
  return start >= 0 && hasAt(text, skipWhiteSpace(text, start + 1), '"flow"');
}

const DIGITS = "0123456789";
const TIME_CHARACTERS = "0123456789-:.+TtZz";
const CRI_STREAMS = [" stdout F ", " stdout P ", " stderr F ", " stderr P "];

function afterCriPrefix(text: string, start: i32): i32 {
  if (start == text.length || !DIGITS.includes(text.charAt(start))) return start;
  let timeEnd = start;
  while (timeEnd < text.length && TIME_CHARACTERS.includes(text.charAt(timeEnd))) timeEnd++;
  for (let i = 0; i < CRI_STREAMS.length; i++) {
    if (hasAt(text, timeEnd, CRI_STREAMS[i])) return timeEnd + CRI_STREAMS[i].length;
  }
  return start;
}
