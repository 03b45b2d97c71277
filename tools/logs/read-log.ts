import { parseContainerLine, type ContainerLine } from "./container-line.js";
import { defaultMaxLineBytes, LineSplitter } from "./line-splitter.js";
import type { Timestamp } from "./timestamp.js";
import { UserError } from "../user-error.js";

/** One line as the container wrote it, its parts joined. */
export interface LogLine {
  /** Without line feed; bytes that are no UTF-8 are U+FFFD. */
  text: string;
  /** Where the container wrote it; unknown for bare lines. */
  stream?: "stdout" | "stderr";
  /** When the container runtime read the line, or its first part; unknown for bare lines. */
  time?: Timestamp;
  /** The number of the line, or of its first part, in the log, from 1. */
  number: number;
}

/** A log that has a name. */
export interface Log {
  /** Names the log in errors. */
  name: string;
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * The lines of a log, as `readLog` reads them.
 * @throws UserError naming the log and the line that is too long.
 */
export async function* linesOf(log: Log): AsyncGenerator<LogLine> {
  try {
    yield* readLog(log.bytes);
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${log.name}: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Reads a container's log, in any mixture of the formats that `parseContainerLine` knows. Memory holds one chunk and
 * the lines whose last part has not come; a line still partial at the end is given as far as it came, as Fluent Bit
 * does.
 * @param log the log's bytes in chunks, as a readable stream gives them.
 * @throws RangeError naming the line that is longer than `maxLineBytes`.
 */
export async function* readLog(
  log: AsyncIterable<Uint8Array>,
  { maxLineBytes = defaultMaxLineBytes }: { maxLineBytes?: number } = {},
): AsyncGenerator<LogLine> {
  const splitter = new LineSplitter(maxLineBytes);
  const joiner = new PartJoiner(maxLineBytes);
  let number = 0;
  for await (const chunk of log) {
    for (const line of splitter.push(chunk)) {
      number += 1;
      const joined = joiner.add(parseContainerLine(line), number);
      if (joined) yield joined;
    }
  }
  for (const line of splitter.end()) {
    const joined = joiner.add(parseContainerLine(line), number + 1);
    if (joined) yield joined;
  }
  yield* joiner.end();
}

/**
 * The record that Fluent Bit's tail input makes of the line with `multiline.parser cri` or `docker`: the text under
 * `log`. (A regex parser adds `time`, `stream` and `logtag`, which the filter would pass through to the row.)
 * @returns the JSON of the record's body.
 */
export function toRecord(line: LogLine): string {
  return JSON.stringify({ log: line.text });
}

interface PendingLine {
  parts: Buffer[];
  bytes: number;
  first: ContainerLine;
  number: number;
}

/** Joins the parts into which a container runtime cuts a long line, per stream. */
class PartJoiner {
  readonly #pending = new Map<string, PendingLine>();

  constructor(readonly maxLineBytes: number) {}

  /** The line that these bytes complete, if they do. */
  add(line: ContainerLine, number: number): LogLine | undefined {
    const key = line.stream ?? "";
    const pending = this.#pending.get(key);
    if (!pending) {
      if (!line.isPartial) return logLine(line, line.text, number);
      this.#pending.set(key, { parts: [line.text], bytes: line.text.length, first: line, number });
      return undefined;
    }
    pending.parts.push(line.text);
    pending.bytes += line.text.length;
    if (pending.bytes > this.maxLineBytes) {
      throw new RangeError(`line ${pending.number}, in parts, is longer than ${this.maxLineBytes} bytes`);
    }
    if (line.isPartial) return undefined;
    this.#pending.delete(key);
    return joined(pending);
  }

  /** The lines whose last part never came. */
  *end(): Generator<LogLine> {
    for (const pending of this.#pending.values()) yield joined(pending);
    this.#pending.clear();
  }
}

function joined({ parts, first, number }: PendingLine): LogLine {
  return logLine(first, Buffer.concat(parts), number);
}

function logLine({ stream, time }: ContainerLine, text: Buffer, number: number): LogLine {
  return { text: text.toString("utf8"), ...(stream && { stream }), ...(time && { time }), number };
}
