import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { instantiateSync } from "@assemblyscript/loader";
import { packageFile } from "./package-file.js";
import { UserError } from "./user-error.js";

/** The functions that hubble-adx.wasm exports for Fluent Bit's `function_name`. */
export const filterFunctions = ["hubble_flows", "hubble_flows_keep", "hubble_events"] as const;
export type FilterFunction = (typeof filterFunctions)[number];

export interface FilterHostOptions {
  /** The export to call for each record: Fluent Bit's `function_name`. Default `hubble_flows`. */
  functionName?: string;
  /**
   * Whether the buffers of a call are freed after it: Fluent Bit 4.0.14, 4.2 and 5.x do, 2.x, 3.x, 4.0.x before that
   * and 4.1.0 do not. Default true.
   */
  freesBuffers?: boolean;
  /**
   * How long an instance of the module lives: as long as the host (Fluent Bit 4.1 and later), or until the next
   * `beginChunk` (before). Default `process`.
   */
  instance?: "process" | "chunk";
}

/** What Fluent Bit knows of a record beside its body. */
export interface RecordContext {
  /** Default `hubble`. */
  tag?: string;
  /** The record's timestamp: whole seconds since 1970-01-01T00:00:00Z. Default 0. */
  seconds?: number;
  /** The record's timestamp: nanoseconds within the second. Default 0. */
  nanoseconds?: number;
}

/** A record's body: the bytes of a JSON object, its text, or the object itself. */
export type RecordBody = Uint8Array | string | Record<string, unknown>;

/**
 * Runs a Fluent Bit WASM filter in this process, making the calls that Fluent Bit's filter_wasm makes with
 * `event_format json` (src/wasm/flb_wasm.c): two allocations, the function, a copy of the string it returns, two frees.
 */
export class FilterHost {
  readonly functionName: string;
  readonly #module: WebAssembly.Module;
  readonly #freesBuffers: boolean;
  readonly #instancePerChunk: boolean;
  #exports: FilterExports;

  /**
   * @param wasm the module, as bytes or compiled.
   * @throws WebAssembly.CompileError for bytes that are no module.
   * @throws Error naming the export that is missing.
   */
  constructor(wasm: Uint8Array | WebAssembly.Module, options: FilterHostOptions = {}) {
    this.functionName = options.functionName ?? filterFunctions[0];
    this.#freesBuffers = options.freesBuffers ?? true;
    this.#instancePerChunk = options.instance === "chunk";
    this.#module = wasm instanceof WebAssembly.Module ? wasm : new WebAssembly.Module(new Uint8Array(wasm));
    this.#exports = this.#instantiate();
  }

  /**
   * Filters one record.
   * @returns a copy of the JSON object that takes the record's place, or null where the filter drops the record.
   * @throws Error naming the function, with the trap as its cause. Fluent Bit logs `Got exception running wasm code`
   *   there and loses the record; the instance stays as the trap left it.
   * @throws Error when what the function returned is not a NUL-terminated string in the module's memory.
   */
  filter(record: RecordBody, context: RecordContext = {}): Uint8Array | null {
    const tagBytes = Buffer.from(context.tag ?? "hubble", "utf8");
    const recordBytes = bytesOf(record);
    try {
      const tag = this.#copyIn(tagBytes);
      const body = this.#copyIn(recordBytes);
      try {
        const result = this.#exports.filter(
          tag,
          tagBytes.length,
          context.seconds ?? 0,
          context.nanoseconds ?? 0,
          body,
          recordBytes.length,
        );
        return this.#copyOut(result >>> 0);
      } finally {
        if (this.#freesBuffers) {
          if (tag !== 0) this.#exports.free(tag);
          if (body !== 0) this.#exports.free(body);
        }
      }
    } catch (error) {
      if (!isTrap(error)) throw error;
      throw new Error(`${this.functionName} trapped: ${error.message}`, { cause: error });
    }
  }

  /** Like `filter`, with the row as an object. Integers beyond 2^53 lose digits; take `filter`'s bytes for those. */
  filterToObject(record: RecordBody, context: RecordContext = {}): Record<string, unknown> | null {
    const row = this.filter(record, context);
    return (
      row && (JSON.parse(Buffer.from(row.buffer, row.byteOffset, row.length).toString()) as Record<string, unknown>)
    );
  }

  /** Says that the records to come are of another chunk: with `instance: "chunk"` they meet a new instance. */
  beginChunk(): void {
    if (this.#instancePerChunk) this.#exports = this.#instantiate();
  }

  /** The size of the module's linear memory. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Copies bytes and a NUL into the module. Returns 0 where the module cannot allocate, as WAMR does. */
  #copyIn(bytes: Uint8Array): number {
    const address = this.#exports.malloc(bytes.length + 1) >>> 0;
    if (address === 0) return 0;
    const memory = new Uint8Array(this.#exports.memory.buffer);
    if (address + bytes.length + 1 > memory.length) {
      throw new Error(`malloc(${bytes.length + 1}) returned ${address}, which is not inside the module's memory`);
    }
    memory.set(bytes, address);
    memory[address + bytes.length] = 0;
    return address;
  }

  #copyOut(address: number): Uint8Array | null {
    const memory = new Uint8Array(this.#exports.memory.buffer);
    const end = memory.indexOf(0, address);
    if (address >= memory.length || end < 0) {
      throw new Error(
        `${this.functionName} returned ${address}, where no NUL-terminated string is in the module's memory`,
      );
    }
    return end === address ? null : memory.slice(address, end);
  }

  #instantiate(): FilterExports {
    const { exports } = instantiateSync(this.#module);
    const wanted = { malloc: exports.malloc, free: exports.free, [this.functionName]: exports[this.functionName] };
    for (const [name, value] of Object.entries(wanted)) {
      if (typeof value !== "function") throw new Error(`the module exports no function ${name}`);
    }
    if (!(exports.memory instanceof WebAssembly.Memory)) throw new Error("the module exports no memory");
    return {
      memory: exports.memory,
      malloc: exports.malloc as FilterExports["malloc"],
      free: exports.free as FilterExports["free"],
      filter: exports[this.functionName] as FilterExports["filter"],
    };
  }
}

/**
 * The bytes of this package's filter, `build/hubble-adx.wasm`.
 * @throws UserError that says how to build it when it is missing.
 */
export function readFilterModule(): Uint8Array {
  const file = packageFile("build/hubble-adx.wasm");
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`cannot read ${fileURLToPath(file)}: run "npm run build" to make it`, { cause: error });
  }
}

interface FilterExports {
  memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(address: number): void;
  filter(
    tag: number,
    tagLength: number,
    seconds: number,
    nanoseconds: number,
    record: number,
    recordLength: number,
  ): number;
}

function bytesOf(record: RecordBody): Uint8Array {
  if (record instanceof Uint8Array) return record;
  return Buffer.from(typeof record === "string" ? record : JSON.stringify(record), "utf8");
}

/** Whether the error comes from inside the module; a RangeError is V8's stack overflow there. */
function isTrap(error: unknown): error is Error {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError || isAbort(error);
}

/** @assemblyscript/loader's `env.abort` throws this where a module imports it. */
function isAbort(error: unknown): error is Error {
  return error instanceof Error && error.message.startsWith("abort: ");
}
