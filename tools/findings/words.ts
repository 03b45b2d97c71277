import { suggest } from "../text/suggest.js";

/**
 * The word of `choices` that `wrong` was probably meant to be, without regard to case, "-" and "_"; undefined when none
 * is near.
 */
export function nearest(wrong: string, choices: readonly string[]): string | undefined {
  const plain = (word: string) => word.toLowerCase().replace(/[-_\s]/g, "");
  const byPlain = new Map(choices.map((choice) => [plain(choice), choice]));
  const near = suggest(plain(wrong), [...byPlain.keys()]);
  return near === undefined ? undefined : byPlain.get(near);
}

/** `did you mean "x"?`, or the choices themselves when nothing is near and they are few. */
export function suggestion(wrong: string, choices: readonly string[]): string {
  const near = nearest(wrong, choices);
  if (near !== undefined) return `did you mean "${near}"?`;
  return choices.length <= 16 ? `choose one of ${choices.join(", ")}` : "";
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  return join(words, "or");
}

/** `a`, `a and b`, `a, b and c`. */
export function all(words: readonly string[]): string {
  return join(words, "and");
}

function join(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)!}`;
}
