import { SingleBar } from "cli-progress";
import { logSize, standardInput } from "../logs/open-log.js";

/** Logs shorter than this are done before a bar could be read. */
const worthwhileBytes = 8 * 1024 * 1024;

export interface Progress {
  /** So many more bytes of the logs have been read. */
  advance(bytes: number): void;
  stop(): void;
}

/**
 * A bar on standard error for logs of a known size that take a while. It appears with the bytes that are read half a
 * second after the start or later, so that it stays away when a pager holds the output back.
 */
export function progressBar(totalBytes: number): Progress {
  if (totalBytes < worthwhileBytes) return noProgress;
  const bar = new SingleBar({
    format: "{bar} {percentage} % of {megabytes} MB, {eta_formatted} left",
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    etaBuffer: 100,
    stream: process.stderr,
  });
  const appearsAt = Date.now() + 500;
  let read = 0;
  return {
    advance(bytes) {
      read += bytes;
      if (bar.isActive) bar.update(read);
      else if (Date.now() > appearsAt) bar.start(totalBytes, read, { megabytes: Math.round(totalBytes / 1e6) });
    },
    stop() {
      if (bar.isActive) bar.stop();
    },
  };
}

export const noProgress: Progress = { advance: () => {}, stop: () => {} };

/**
 * The progress of reading logs one after the other: a bar where a person watches and every size is known. Who is to type
 * the log is told so.
 * @throws UserError where a file cannot be read.
 */
export async function logProgress(paths: readonly string[], quiet = false): Promise<Progress> {
  const sizes = await Promise.all(paths.map(logSize));
  if (quiet) return noProgress;
  if (paths.includes(standardInput) && process.stdin.isTTY) {
    process.stderr.write("Reading log lines from the terminal: Ctrl-D ends them.\n");
  }
  if (!process.stderr.isTTY || sizes.includes(undefined)) return noProgress;
  return progressBar(sizes.reduce<number>((sum, size) => sum + size!, 0));
}
