import { compileString } from "./asc.js";

/**
 * A filter that tells what its host does: a bump allocator that counts, and functions that return what a test needs.
 * `malloc` fails beyond 1 MiB. It has no runtime, so that nothing but the host's calls moves its memory.
 */
const source = `
let top: usize = 1024;
let allocations: i32 = 0;
let allocated: i32 = 0;
let frees: i32 = 0;
let calls: i32 = 0;
let lastReturned: usize = 0;

export function malloc(size: i32): usize {
  if (size > 1 << 20) return 0;
  allocations++;
  allocated += size;
  spoilResult();
  const block = top;
  top += size;
  const missing = <i32>(top >> 16) + 1 - memory.size();
  if (missing > 0) memory.grow(missing);
  return block;
}

export function free(block: usize): void {
  frees++;
  spoilResult();
}

/** A result that the host has not copied by now is lost. */
function spoilResult(): void {
  if (lastReturned != 0) store<u8>(lastReturned, 0x21);
}

function writeText(text: StaticArray<u8>): void {
  for (let i = 0; i < text.length; i++) store<u8>(top++, text[i]);
}

function writeNumber(value: i64): void {
  if (value >= 10) writeNumber(value / 10);
  store<u8>(top++, <u8>(0x30 + value % 10));
}

/** {"tag":…,"numbers":[tagLength,seconds,nanoseconds,recordLength,tag's NUL,record's NUL,record,allocations,allocated,frees,calls]} */
export function report(tag: usize, tagLength: i32, seconds: u32, nanoseconds: u32, record: usize, recordLength: i32): usize {
  calls++;
  const start = top;
  memory.grow(1);
  writeText([0x7b, 0x22, 0x74, 0x61, 0x67, 0x22, 0x3a, 0x22]);
  memory.copy(top, tag, tagLength);
  top += tagLength;
  writeText([0x22, 0x2c, 0x22, 0x6e, 0x75, 0x6d, 0x62, 0x65, 0x72, 0x73, 0x22, 0x3a, 0x5b]);
  const recordNul = record == 0 ? 0 : <i64>load<u8>(record + recordLength);
  const numbers: StaticArray<i64> = [
    tagLength, seconds, nanoseconds, recordLength, load<u8>(tag + tagLength), recordNul,
    record == 0 ? 0 : 1, allocations, allocated, frees, calls,
  ];
  for (let i = 0; i < numbers.length; i++) {
    if (i > 0) store<u8>(top++, 0x2c);
    writeNumber(numbers[i]);
  }
  writeText([0x5d, 0x7d, 0]);
  return start;
}

export function echo(tag: usize, tagLength: i32, seconds: u32, nanoseconds: u32, record: usize, recordLength: i32): usize {
  lastReturned = record;
  return record;
}

export function drop(tag: usize, tagLength: i32, seconds: u32, nanoseconds: u32, record: usize, recordLength: i32): usize {
  return tag + tagLength;
}

export function trap(tag: usize, tagLength: i32, seconds: u32, nanoseconds: u32, record: usize, recordLength: i32): usize {
  calls++;
  return unreachable();
}

export function endless(tag: usize, tagLength: i32, seconds: u32, nanoseconds: u32, record: usize, recordLength: i32): usize {
  const last = (<usize>memory.size() << 16) - 1;
  store<u8>(last, 0x7b);
  return last;
}

export function outside(tag: usize, tagLength: i32, seconds: u32, nanoseconds: u32, record: usize, recordLength: i32): usize {
  return -16;
}
`;

/** Compiles the probe. */
export async function compileProbeFilter(): Promise<Uint8Array> {
  const { binary, error } = await compileString(source, {
    runtime: "stub",
    initialMemory: 4,
    memoryBase: 65536 * 2,
    use: ["abort="],
    optimizeLevel: 1,
  });
  if (!binary) throw new Error("the probe filter does not compile", { cause: error });
  return binary;
}
