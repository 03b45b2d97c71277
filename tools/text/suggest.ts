import { closest, distance } from "fastest-levenshtein";

/**
 * The candidate that a mistyped word was probably meant to be, letter case aside; undefined where none is near: more
 * than a third of the longer one's letters differ.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const byLowerCase = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  if (byLowerCase.size === 0) return undefined;
  const nearest = closest(word.toLowerCase(), [...byLowerCase.keys()]);
  const isNear = distance(word.toLowerCase(), nearest) * 3 <= Math.max(word.length, nearest.length);
  return isNear ? byLowerCase.get(nearest) : undefined;
}
