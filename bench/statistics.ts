/**
 * The middle value, or the mean of the two in the middle.
 * @throws Error when there is no value.
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new Error("no values");
  return sorted.length % 2 ? upper : (sorted[middle - 1]! + upper) / 2;
}
