import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UserError } from "../user-error.js";

/** The name that stands for standard input. */
export const standardInput = "-";

/** A log as messages and pages name it. */
export function logName(path: string): string {
  return path === standardInput ? "standard input" : path;
}

/**
 * Opens a log: a file, or standard input for `-`. Gzip and UTF-16 (as PowerShell's `>` writes it) are recognised by
 * their first bytes and decoded.
 * @param onBytes is told the size of each chunk as it lies in the file, before decoding.
 * @throws UserError, while reading, that names the file and what is wrong with it.
 */
export async function* openLog(path: string, onBytes: (count: number) => void = () => {}): AsyncGenerator<Uint8Array> {
  const source: AsyncIterable<Uint8Array> = path === standardInput ? process.stdin : createReadStream(path);
  try {
    yield* decodeLog(counted(source, onBytes));
  } catch (error) {
    if (path === standardInput && isEnded) return;
    throw asUserError(error, path);
  }
}

let isEnded = false;

/** Ends standard input where it is, for what reads it. */
export function endStandardInput(): void {
  isEnded = true;
  process.stdin.destroy();
}

/**
 * The size of the file in bytes; undefined for standard input and what has no size, such as a pipe.
 * @throws UserError where there is no readable file of this name.
 */
export async function logSize(path: string): Promise<number | undefined> {
  if (path === standardInput) return undefined;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new UserError(errnoMeanings.EISDIR);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    throw asUserError(error, path);
  }
}

/** Decodes what the first bytes say: gzip, UTF-16, a byte order mark. Anything else passes through as it is. */
export async function* decodeLog(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  const head = await readHead(chunks);
  const all = rejoined(head, chunks);
  const foreign = foreignCompressions.find(({ magic }) => startsWith(head, magic));
  if (foreign) {
    throw new UserError(`is compressed with ${foreign.name}: decompress it first, with "${foreign.command}"`);
  }
  if (startsWith(head, [0x1f, 0x8b])) yield* gunzipped(all);
  else if (startsWith(head, [0xff, 0xfe])) yield* fromUtf16(all);
  else if (startsWith(head, [0xef, 0xbb, 0xbf])) yield* rejoined(head.subarray(3), chunks);
  else yield* all;
}

const headBytes = 6;

const foreignCompressions = [
  { name: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd], command: "zstd -dc" },
  { name: "xz", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], command: "xz -dc" },
  { name: "zip", magic: [0x50, 0x4b, 0x03, 0x04], command: "unzip -p" },
];

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < headBytes) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoined(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // The stream that fails carries its error to the reader below; the callback is only there to be told.
  const gunzip = pipeline(Readable.from(source), createGunzip(), () => {});
  yield* gunzip as AsyncIterable<Uint8Array>;
}

async function* fromUtf16(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("utf-16le");
  for await (const chunk of source) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    onBytes(chunk.length);
    yield chunk;
  }
}

function asUserError(error: unknown, path: string): unknown {
  const name = logName(path);
  if (error instanceof UserError) return new UserError(`${name}: ${error.message}`, { cause: error });
  if (!(error instanceof Error)) return error;
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code.startsWith("Z_")) return new UserError(`${name}: damaged gzip data (${error.message})`, { cause: error });
  const meaning = errnoMeanings[code];
  return meaning === undefined ? error : new UserError(`${name}: ${meaning}`, { cause: error });
}

const errnoMeanings: Record<string, string> = {
  ENOENT: "no such file",
  EACCES: "permission denied",
  EISDIR: "is a directory: name the log files in it",
  EIO: "cannot be read (input/output error)",
};
