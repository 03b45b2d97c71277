import { parseTimestamp, rfc3339, type Timestamp } from "./timestamp.js";

/** One physical line of a container's log, taken out of what the runtime or kubectl wrote around it. */
export interface ContainerLine {
  text: Buffer;
  /** Where the container wrote it; unknown for bare lines. */
  stream?: "stdout" | "stderr";
  /** When the container runtime read it; unknown for bare lines. */
  time?: Timestamp;
  /** Whether the rest of the container's line is still to come, in the next line of the same stream. */
  isPartial: boolean;
}

/**
 * Takes a line as it lies on a node or comes from kubectl; each line is looked at by itself:
 * - CRI (containerd, CRI-O): `<time> stdout|stderr F|P <text>`
 * - Docker's json-file: `{"log":"<text>\n","stream":"stdout|stderr","time":"<time>"}`, without the `\n` when partial
 * - bare: the text, after `[pod/<pod>/<container>] ` (`kubectl logs --prefix`) and `<time> ` (`--timestamps`)
 */
export function parseContainerLine(line: Buffer): ContainerLine {
  return parseCri(line) ?? parseDocker(line) ?? parseBare(line);
}

const criPrefix = new RegExp(`^(${rfc3339}) (stdout|stderr) ([FP])(?::[^ ]*)?(?: |$)`);
const criPrefixBytes = 128;

function parseCri(line: Buffer): ContainerLine | undefined {
  if (!isDigit(line[0])) return undefined;
  const match = criPrefix.exec(line.toString("latin1", 0, criPrefixBytes));
  if (!match) return undefined;
  const [prefix, time = "", stream, tag] = match;
  return {
    text: line.subarray(prefix.length),
    stream: stream as "stdout" | "stderr",
    ...timeIfAny(time),
    isPartial: tag === "P",
  };
}

const dockerStart = Buffer.from('{"log":"');

function parseDocker(line: Buffer): ContainerLine | undefined {
  if (!line.subarray(0, dockerStart.length).equals(dockerStart)) return undefined;
  let entry: { log: unknown; stream?: unknown; time?: unknown };
  try {
    entry = JSON.parse(line.toString("utf8")) as typeof entry;
  } catch {
    return undefined;
  }
  const { log, stream, time } = entry;
  if (typeof log !== "string" || typeof time !== "string") return undefined;
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const isPartial = !log.endsWith("\n");
  const text = Buffer.from(isPartial ? log : log.replace(/\r?\n$/, ""), "utf8");
  return { text, stream, ...timeIfAny(time), isPartial };
}

const kubectlPrefix = new RegExp(String.raw`^(?:\[pod/[^\]\s]+\] )?(?:(${rfc3339}) )?`);
/** A pod's name has up to 253 characters, a container's 63. */
const kubectlPrefixBytes = 400;

function parseBare(line: Buffer): ContainerLine {
  if (!isDigit(line[0]) && line[0] !== OPENING_BRACKET) return { text: line, isPartial: false };
  const [prefix = "", time = ""] = kubectlPrefix.exec(line.toString("latin1", 0, kubectlPrefixBytes)) ?? [];
  return { text: line.subarray(prefix.length), ...timeIfAny(time), isPartial: false };
}

const OPENING_BRACKET = 0x5b;

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function timeIfAny(text: string): { time?: Timestamp } {
  const time = parseTimestamp(text);
  return time ? { time } : {};
}
