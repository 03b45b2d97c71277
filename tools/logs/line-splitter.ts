const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Far above what a flow can be (containerd and Docker cut at 16 KiB); what is longer is no log. */
export const defaultMaxLineBytes = 64 * 1024 * 1024;

/** Cuts a stream of bytes into lines; holds no more than the line it is in. */
export class LineSplitter {
  #rest: Buffer[] = [];
  #restBytes = 0;
  #completed = 0;
  readonly #maxLineBytes: number;

  constructor(maxLineBytes = defaultMaxLineBytes) {
    this.#maxLineBytes = maxLineBytes;
  }

  /**
   * The lines that end in this chunk, without their `\n` or `\r\n`. They may share the chunk's memory.
   * @throws RangeError naming the line that is longer than the limit.
   */
  push(chunk: Uint8Array): Buffer[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      lines.push(this.#complete(bytes.subarray(start, end)));
      start = end + 1;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
    return lines;
  }

  /** The last line, where the stream doesn't end with a line feed. */
  end(): Buffer[] {
    return this.#restBytes === 0 ? [] : [this.#complete(Buffer.alloc(0))];
  }

  #complete(last: Buffer): Buffer {
    this.#completed += 1;
    if (this.#restBytes === 0) return withoutCarriageReturn(last);
    const line = Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#restBytes = 0;
    return withoutCarriageReturn(line);
  }

  #keep(bytes: Buffer): void {
    this.#rest.push(bytes);
    this.#restBytes += bytes.length;
    if (this.#restBytes > this.#maxLineBytes) {
      throw new RangeError(`line ${this.#completed + 1} is longer than ${this.#maxLineBytes} bytes`);
    }
  }
}

function withoutCarriageReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
