// One hash for all tables: words are mixed in turn by a multiplication, whose high bits depend on all bits of the words.

/** The golden ratio as a fraction of 2^64, which spreads words that differ little (Knuth, "Sorting and Searching", 6.4). */
// @ts-ignore: decorator
@inline
export function mix(word: u64): u64 {
  return word * 0x9e3779b97f4a7c15;
}

/** Mixes the 32 bytes at `p` into a hash. */
// @ts-ignore: decorator
@inline
export function mix32(hash: u64, p: usize): u64 {
  hash = mix(hash ^ load<u64>(p));
  hash = mix(hash ^ load<u64>(p, 8));
  hash = mix(hash ^ load<u64>(p, 16));
  return mix(hash ^ load<u64>(p, 24));
}

/** The hash of `length` bytes. Up to 8 bytes behind them are read. */
export function hashOf(p: usize, length: usize): u64 {
  let hash: u64 = length;
  const end = p + length;
  for (; p + 8 <= end; p += 8) hash = mix(hash ^ load<u64>(p));
  const rest = (end - p) << 3;
  return rest ? mix(hash ^ (load<u64>(p) & (((<u64>1) << rest) - 1))) : hash;
}
