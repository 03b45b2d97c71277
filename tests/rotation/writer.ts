import { closeSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The exporter's limits where nobody has set others: 10 MB a file, 5 backups. */
export const exporterLimits = { maxBytes: 10 << 20, backups: 5 };

/**
 * Writes lines as the exporter's log writer does: a file that would become too large is renamed to events-<time>.log, a new
 * events.log begins, and of the renamed ones the oldest go.
 */
export class RotatingWriter {
  rotations = 0;
  /** The first line of the current file, counted from the first of all. */
  firstIndex = 0;
  #lines = 0;
  #fd: number;
  #size = 0;
  #lastBackup = 0;
  readonly #file: string;

  constructor(
    readonly folder: string,
    readonly limits: typeof exporterLimits = exporterLimits,
  ) {
    this.#file = join(folder, "events.log");
    this.#fd = openSync(this.#file, "a");
  }

  append(lines: readonly string[]): void {
    let part = "";
    for (const line of lines) {
      if (this.#size + part.length + line.length + 1 > this.limits.maxBytes) {
        this.#write(part);
        part = "";
        this.rotate();
      }
      this.#lines++;
      part += `${line}\n`;
    }
    this.#write(part);
  }

  rotate(): void {
    closeSync(this.#fd);
    // Backups are named by the millisecond: one would take the other's place.
    this.#lastBackup = Math.max(Date.now(), this.#lastBackup + 1);
    const time = new Date(this.#lastBackup).toISOString().replaceAll(":", "-").replace("Z", "");
    renameSync(this.#file, join(this.folder, `events-${time}.log`));
    this.#fd = openSync(this.#file, "a");
    this.#size = 0;
    this.firstIndex = this.#lines;
    this.rotations++;
    const old = this.backups().slice(0, -this.limits.backups);
    for (const name of old) rmSync(join(this.folder, name));
  }

  /** The names of the renamed files, the oldest first. */
  backups(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.startsWith("events-"))
      .sort();
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** The lines are ASCII. */
  #write(text: string): void {
    if (text !== "") writeSync(this.#fd, text);
    this.#size += text.length;
  }
}
