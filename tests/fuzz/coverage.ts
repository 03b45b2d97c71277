import binaryen from "binaryen";

const mapSize = 1 << 16;

interface Exports {
  memory: WebAssembly.Memory;
  malloc(size: number): number;
  [name: string]: unknown;
}

type FilterExport = (
  tag: number,
  tagLength: number,
  seconds: number,
  nanoseconds: number,
  record: number,
  length: number,
) => number;

/**
 * Runs the filter with a probe in each of its blocks (binaryen's log-execution) and says whether a record took a way
 * that none before it has taken: from one block to the next, counted by how often (once, some, many times).
 */
export class Coverage {
  /** How many blocks there are. */
  readonly blockCount: number;
  readonly #module: WebAssembly.Module;
  #exports: Exports;
  readonly #hits = new Uint16Array(mapSize);
  readonly #touched = new Uint32Array(mapSize);
  #touchedCount = 0;
  #previous = 0;
  readonly #seen = new Uint8Array(mapSize);
  readonly #blocks: Uint8Array;
  #steps = 0;

  constructor(wasm: Uint8Array) {
    const module = binaryen.readBinary(wasm);
    module.runPasses(["log-execution"]);
    const text = module.emitText();
    this.blockCount = new Set(text.match(/(?<=call \$log_execution\s+\(i32\.const )\d+/g)).size;
    this.#blocks = new Uint8Array(
      1 +
        Math.max(
          ...Array.from(text.matchAll(/call \$log_execution\s+\(i32\.const (\d+)/g), (match) => Number(match[1])),
        ),
    );
    this.#module = new WebAssembly.Module(module.emitBinary() as Uint8Array<ArrayBuffer>);
    module.dispose();
    this.#exports = this.#instantiate();
  }

  #instantiate(): Exports {
    const instance = new WebAssembly.Instance(this.#module, {
      env: { log_execution: (id: number) => this.#visit(id) },
    });
    return instance.exports as unknown as Exports;
  }

  /** How many blocks have been run. */
  get blocksRun(): number {
    return this.#blocks.reduce((sum, isRun) => sum + isRun, 0);
  }

  /** How many ways from block to block have been taken. */
  get waysTaken(): number {
    return this.#seen.reduce((sum, seen) => sum + (seen ? 1 : 0), 0);
  }

  /** Runs a record; returns the ways, each with its count's class, that no record before it has taken. */
  run(functionName: string, record: Uint8Array): number[] {
    const ways = this.waysOf(functionName, record).filter((way) => (this.#seen[way >> 3]! & way & 7) === 0);
    for (const way of ways) this.#seen[way >> 3]! |= way & 7;
    return ways;
  }

  /** Forgets what the records so far have left in the module. */
  restart(): void {
    this.#exports = this.#instantiate();
  }

  /** How many blocks a record takes, each as often as it is run. */
  stepsOf(functionName: string, record: Uint8Array): number {
    this.#steps = 0;
    this.waysOf(functionName, record);
    return this.#steps;
  }

  /** All ways, each with its count's class, that a record takes. */
  waysOf(functionName: string, record: Uint8Array): number[] {
    this.#previous = 0;
    this.#touchedCount = 0;
    this.#call(functionName, record);
    return Array.from({ length: this.#touchedCount }, (_, index) => {
      const way = this.#touched[index]!;
      const hits = this.#hits[way]!;
      this.#hits[way] = 0;
      return (way << 3) | (hits < 2 ? 1 : hits < 16 ? 2 : 4);
    });
  }

  #call(functionName: string, record: Uint8Array): void {
    const exports = this.#exports;
    const tag = exports.malloc(1);
    const address = exports.malloc(record.length + 1);
    const bytes = new Uint8Array(exports.memory.buffer);
    bytes[tag] = 0;
    bytes.set(record, address);
    bytes[address + record.length] = 0;
    try {
      (exports[functionName] as FilterExport)(tag, 0, 1735787045, 123456789, address, record.length);
    } catch {
      // A trap is the other hosts' to report; the instance is replaced because it is in any state.
      this.#exports = this.#instantiate();
    }
  }

  #visit(block: number): void {
    this.#blocks[block] = 1;
    this.#steps++;
    const way = ((this.#previous << 1) ^ block) & (mapSize - 1);
    if (this.#hits[way]!++ === 0) this.#touched[this.#touchedCount++] = way;
    else if (this.#hits[way] === 0xffff) this.#hits[way] = 0xfffe;
    this.#previous = block;
  }
}
