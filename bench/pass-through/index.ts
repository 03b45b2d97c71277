// The cheapest filter there is: it returns its record. What it costs in Fluent Bit is the price of the call itself,
// the record's way into JSON and back.

let top: usize = 0;
let callFinished: bool = true;

export function malloc(size: u32): usize {
  if (callFinished) {
    callFinished = false;
    top = __heap_base;
  }
  const block = (top + 7) & ~7;
  const pages = (<u64>block + size + 0xffff) >> 16;
  const missing = <i64>pages - <i64>memory.size();
  if (missing > 0 && (missing > 0xffff || memory.grow(<i32>missing) < 0)) return 0;
  top = block + size;
  return block;
}

export function free(block: usize): void {}

export function pass_through(
  tag: usize,
  tagLength: u32,
  seconds: u32,
  nanoseconds: u32,
  record: usize,
  recordLength: u32,
): usize {
  callFinished = true;
  return record;
}
