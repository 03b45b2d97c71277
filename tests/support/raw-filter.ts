import binaryen from "assemblyscript/binaryen";
import { filterModule, type FilterFunction } from "./modules.js";

/** The module's exports as a host sees them: addresses and lengths in bytes. */
export interface RawFilter extends Record<FilterFunction, (...args: number[]) => number> {
  memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(address: number): void;
}

export const PAGE = 65536;

/** A new instance of the filter, whose memory can have `maximumPages` at the most. */
export function instantiate(maximumPages?: number): RawFilter {
  const module = new WebAssembly.Module(new Uint8Array(maximumPages ? withMaximum(maximumPages) : filterModule()));
  return new WebAssembly.Instance(module).exports as unknown as RawFilter;
}

/** Copies a text and a NUL to where `malloc` says. Returns the address, 0 where there is no memory. */
export function copyIn(filter: RawFilter, text: string): number {
  const bytes = Buffer.from(`${text}\0`);
  const address = filter.malloc(bytes.length);
  if (address !== 0) new Uint8Array(filter.memory.buffer).set(bytes, address);
  return address;
}

/** The NUL-terminated text at an address. */
export function textAt(filter: RawFilter, address: number): string {
  const memory = new Uint8Array(filter.memory.buffer);
  return Buffer.from(memory.subarray(address, memory.indexOf(0, address))).toString();
}

/** The filter with a limit to its memory, as a host has one that runs out of its own. */
function withMaximum(pages: number): Uint8Array {
  const filter = binaryen.readBinary(filterModule());
  const text = filter.emitText().replace(/\(memory (\$\w+) (\d+)\)/, `(memory $1 $2 ${pages})`);
  filter.dispose();
  const limited = binaryen.parseText(text);
  limited.setFeatures(binaryen.Features.All);
  try {
    return limited.emitBinary();
  } finally {
    limited.dispose();
  }
}
