// One call of the filter works in one arena:
//
//   ┌───────────────┬─────┬────────┬─────────────────────────┬──────────────┬───────┐
//   │ static tables │ tag │ record │ copies and lists (→ top)│ row (→ top)  │ slack │
//   └───────────────┴─────┴────────┴─────────────────────────┴──────────────┴───────┘
//   0            __heap_base
//
// It starts afresh with the first allocation after a finished call, whether or not the host has freed anything:
// Fluent Bit 4.1.0 keeps one instance and never frees. It grows with memory.grow and is never given back.

/** Bytes that are always readable and writable behind `top`, so that words may be read past the end of a text. */
const SLACK: u64 = 128;

/** Spans keep a flag in the highest bit of an address (see slots.ts). */
const MAX_MEMORY: u64 = 0x8000_0000;

/** The first free byte. */
export let top: usize = 0;

let callFinished: bool = true;

/** Allocates for the host: the tag, then the record. Returns 0 where the memory cannot grow that far. */
export function allocate(size: i32): usize {
  if (callFinished) {
    callFinished = false;
    top = (__heap_base + 7) & ~7;
    if (!limit) limit = top;
  }
  if (size < 0 || !hasRoom(size)) return 0;
  const block = top;
  top = (block + size + 7) & ~7;
  return block;
}

/** Ends a call: what it allocated is free as soon as the host allocates again. */
export function finishCall(topBefore: usize): void {
  top = topBefore;
  callFinished = true;
}

/** Moves the first free byte to `address`; everything below it is kept until the call ends. */
// @ts-ignore: decorator
@inline
export function keepUpTo(address: usize): void {
  top = address;
}

/** Makes sure that `size` bytes and the slack follow `top`. Returns false where the memory cannot grow that far. */
// @ts-ignore: decorator
@inline
export function hasRoom(size: usize): bool {
  return size <= limit - top || grow(size);
}

/** How far `top` may go, and never less than `top`: the slack follows it. */
let limit: usize = 0;

function grow(size: usize): bool {
  const end = <u64>top + <u64>size + SLACK;
  if (end > MAX_MEMORY) return false;
  const available = (<u64>memory.size()) << 16;
  if (end > available && memory.grow(<i32>((end - available + 0xffff) >> 16)) < 0) return false;
  limit = ((<usize>memory.size()) << 16) - <usize>SLACK;
  return true;
}
