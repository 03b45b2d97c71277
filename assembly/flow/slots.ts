import { Slot } from "./tables";

// A slot holds a value as the span of plain JSON it will be copied from:
//
//   ┌──────────────────┬───────────────┬──────────┐
//   │ end (bits 63–32) │ quoted (31)   │ start    │   0: no value
//   └──────────────────┴───────────────┴──────────┘
//
// `quoted` says that the span is the content of a string, without its quotes. Addresses stay below 2 GiB.

const SIZE = Slot.count * 8;
export const SLOTS = memory.data(Slot.count * 8, 8);

const QUOTED: u32 = 0x8000_0000;

export function clearSlots(): void {
  memory.fill(SLOTS, 0, SIZE);
}

/** Where a slot lies in memory. */
// @ts-ignore: decorator
@inline
export function slotAddress(slot: Slot): usize {
  return SLOTS + (slot << 3);
}

// @ts-ignore: decorator
@inline
export function setQuoted(slot: usize, start: usize, end: usize): void {
  store<u32>(slot, (<u32>start) | QUOTED);
  store<u32>(slot, <u32>end, 4);
}

// @ts-ignore: decorator
@inline
export function setBare(slot: usize, start: usize, end: usize): void {
  store<u32>(slot, <u32>start);
  store<u32>(slot, <u32>end, 4);
}

// @ts-ignore: decorator
@inline
export function isQuoted(value: u64): bool {
  return <i32>value < 0;
}

// @ts-ignore: decorator
@inline
export function spanStart(value: u64): usize {
  return (<usize>value) & 0x7fff_ffff;
}

// @ts-ignore: decorator
@inline
export function spanEnd(value: u64): usize {
  return <usize>(value >> 32);
}

/** The span of the same bytes after they have moved by `distance`. */
// @ts-ignore: decorator
@inline
export function moveSpan(value: u64, distance: usize): u64 {
  return ((<u64>(spanEnd(value) + distance)) << 32) | (<u64>(<u32>value + <u32>distance));
}

// @ts-ignore: decorator
@inline
export function spanLength(value: u64): usize {
  return spanEnd(value) - spanStart(value);
}

// @ts-ignore: decorator
@inline
export function getSlot(slot: Slot): u64 {
  return load<u64>(SLOTS + (slot << 3));
}

// @ts-ignore: decorator
@inline
export function moveSlot(to: Slot, value: u64): void {
  store<u64>(SLOTS + (to << 3), value);
}
