/** Why a text is not the JSON it should be. */
export const enum Failure {
  /** The text ended, or a byte stands where the grammar has no place for it. */
  Unexpected,
  /** A control character, which JSON strings hold only escaped. */
  ControlCharacter,
  /** A backslash followed by something that is no escape. */
  InvalidEscape,
  /** Half of a surrogate pair, `\ud83d` alone. */
  LoneSurrogate,
  /** Bytes that are not UTF-8. */
  InvalidUtf8,
  /** More containers inside each other than `maxDepth`. */
  TooDeep,
  /** A number of 1e308 or more, either side of zero. */
  OutOfRange,
  /** The memory could not grow any further. */
  OutOfMemory,
}

export let failure: Failure = Failure.Unexpected;
export let failedAt: usize = 0;

/** Notes why and where scanning stopped. Returns 0, the address that stands for failure. */
export function fail(reason: Failure, at: usize): usize {
  failure = reason;
  failedAt = at;
  return 0;
}

/** `fail` for what answers with a bool. */
export function refuse(reason: Failure, at: usize): bool {
  fail(reason, at);
  return false;
}
