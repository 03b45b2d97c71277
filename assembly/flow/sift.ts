// Most lines of an agent's log are no flows, and need no reading to be dropped, for half of the instructions and nearly half of
// the time: a flow stands under a key `flow`, and whoever spells that in another way needs `\u`, in the record or in a text.

const FLOW: u32 = 0x776f6c66;
const ESCAPE: u16 = 0x755c;

/** Whether `flow` or `\u` stands in the record in `p`–`end`: without either it holds no flow, whatever its bytes. */
export function mayHoldFlow(p: usize, end: usize): bool {
  while (true) {
    let marks: u64;
    // Longer steps take fewer instructions.
    while (true) {
      marks = (pairs(load<u64>(p), load<u64>(p, 1)) | pairs(load<u64>(p, 8), load<u64>(p, 9))) & 0x8080808080808080;
      if (marks) break;
      p += 16;
      if (p >= end) return false;
    }
    marks = pairs(load<u64>(p), load<u64>(p, 1)) & 0x8080808080808080;
    if (!marks) {
      p += 8;
      marks = pairs(load<u64>(p), load<u64>(p, 1)) & 0x8080808080808080;
    }
    p += <usize>(ctz(marks) >> 3);
    if (p >= end) return false;
    if (load<u32>(p) == FLOW || load<u16>(p) == ESCAPE) return true;
    p++;
  }
}

/**
 * Marks, with their high bit, the bytes of a word that are the first of `fl` or of `\u`, the bytes behind them standing in
 * `next`. The lowest mark of ASCII is exact; every other byte has one.
 */
// @ts-ignore: decorator
@inline
function pairs(word: u64, next: u64): u64 {
  return (
    (((word ^ 0x6666666666666666) | (next ^ 0x6c6c6c6c6c6c6c6c)) - 0x0101010101010101) |
    (((word ^ 0x5c5c5c5c5c5c5c5c) | (next ^ 0x7575757575757575)) - 0x0101010101010101)
  );
}
