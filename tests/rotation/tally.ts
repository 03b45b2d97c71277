import type { AdxStandIn } from "../kusto/stand-in.js";

/** Counts the rows that have arrived by UUID, and reads each message once. */
export class Tally {
  readonly #counts = new Map<string, number>();
  #messages = 0;

  constructor(private readonly standIn: AdxStandIn) {}

  read(): void {
    const from = this.#messages;
    this.#messages = this.standIn.messages.length;
    for (const { log } of this.standIn.ingested(from)) {
      const { UUID } = log as { UUID: string };
      this.#counts.set(UUID, (this.#counts.get(UUID) ?? 0) + 1);
    }
  }

  /** How many different UUIDs have come. */
  get arrived(): number {
    return this.#counts.size;
  }

  count(uuid: string): number {
    return this.#counts.get(uuid) ?? 0;
  }

  compare(uuids: readonly string[]): { missing: number; duplicates: number } {
    this.read();
    const counts = uuids.map((uuid) => this.count(uuid));
    return {
      missing: counts.filter((count) => count === 0).length,
      duplicates: counts.filter((count) => count > 1).length,
    };
  }
}
