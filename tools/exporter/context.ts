import { accepted, compareVersions, firstVersion } from "../flow-filter/accepted.js";
import type { Version } from "../flow-filter/accepted.js";
import type { Finding } from "../findings/finding.js";

/** Gathers what is found in one file, and the oldest Cilium version that understands all of it. */
export class Context {
  readonly findings: Finding[] = [];
  needs: Version = firstVersion;

  /** @param version the Cilium version that the file is for; undefined when it is not known. */
  constructor(
    readonly file: string,
    readonly version: Version | undefined,
    readonly now: Date,
  ) {}

  error(line: number, message: string, remedy: string): void {
    this.findings.push({ severity: "error", file: this.file, line, message, remedy });
  }

  warning(line: number, message: string, remedy: string): void {
    this.findings.push({ severity: "warning", file: this.file, line, message, remedy });
  }

  note(line: number, message: string, remedy: string): void {
    this.findings.push({ severity: "note", file: this.file, line, message, remedy });
  }

  /**
   * Records that something needs a Cilium version; where the file is for an older one, that is an error, or a warning
   * where the older one just passes over it.
   */
  need(since: Version | undefined, line: number, what: string, consequence: string, ignored = false): void {
    if (since === undefined) return;
    if (compareVersions(since, this.needs) > 0) this.needs = since;
    if (this.version !== undefined && compareVersions(this.version, since) < 0) {
      this[ignored ? "warning" : "error"](
        line,
        `${what} is known from Cilium ${since} on; Cilium ${this.version} ${consequence}`,
        `take it out, or upgrade Cilium to ${since}`,
      );
    }
  }

  /** Refuses what Cilium has had until a version, unless the file is for one that has it. */
  pastUntil(until: Version, line: number, what: string, consequence: string): void {
    if (this.version !== undefined && compareVersions(this.version, until) <= 0) return;
    const next = accepted.versions[accepted.versions.indexOf(until) + 1]!;
    this.error(line, `Cilium ${next} no longer knows ${what}. ${consequence}`, "take it out");
  }

  /** Whether Cilium is surely, or by this file's other content must be, at least this version. */
  isAtLeast(version: Version): boolean {
    return compareVersions(this.version ?? this.needs, version) >= 0;
  }
}
