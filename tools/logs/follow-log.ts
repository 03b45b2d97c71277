import { open, stat, type FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../user-error.js";

const chunkBytes = 1 << 18;

/**
 * The bytes of a file, and those that are written to it later, as `tail -F` gives them: a file that is renamed is read
 * to its end before the one that takes its name, one that is cut is read anew.
 * @param signal ends the waiting.
 * @param pollMs how long to wait at the end of the file.
 * @throws UserError where there is no such file at the start.
 */
export async function* followLog(path: string, signal: AbortSignal, pollMs = 300): AsyncGenerator<Uint8Array> {
  let file = await opened(path);
  if (!file) throw new UserError(`${path}: no such file`);
  let position = 0;
  try {
    while (!signal.aborted) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
      if (bytesRead > 0) {
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
        continue;
      }
      const { ino, dev, size } = await file.stat();
      const named = await stat(path).catch(() => undefined);
      if (size < position) {
        position = 0;
      } else if (named && (named.ino !== ino || named.dev !== dev)) {
        const next = await opened(path);
        if (!next) continue;
        await file.close();
        file = next;
        position = 0;
      } else {
        await sleep(pollMs, undefined, { signal }).catch(() => {});
      }
    }
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
