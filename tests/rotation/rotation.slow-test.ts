import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { missingForKusto, newUuids, Production } from "../kusto/production.js";
import { findFluentBit } from "../support/fluent-bit.js";
import { exportedLines } from "./lines.js";
import { Tally } from "./tally.js";
import { RotatingWriter } from "./writer.js";

const fluentBit = findFluentBit();
const missing = fluentBit ? missingForKusto() : "they need a Fluent Bit";

/** A tenth of the exporter's files and a rotation every 0.4 s: as fast as 10 MB every 4 s. */
const limits = { maxBytes: 1 << 20, backups: 5 };
const pause = 400;
const allOnce = { missing: 0, duplicates: 0 };

describe.skipIf(missing).sequential(`rotation, on Fluent Bit ${fluentBit?.version}`, { timeout: 300_000 }, () => {
  let production: Production;
  let writer: RotatingWriter;
  let tally: Tally;
  const uuids: string[] = [];

  async function prepare(source: "acns" | "exporter-file"): Promise<void> {
    uuids.length = 0;
    production = await Production.create(fluentBit!, { source });
    writer = new RotatingWriter(production.flows, limits);
    tally = new Tally(production.standIn);
  }
  afterEach(async () => {
    writer.close();
    await production.dispose();
  });

  /** Fills files until so many more have been rotated away. */
  async function write(rotations: number): Promise<void> {
    for (const end = writer.rotations + rotations; writer.rotations < end; await sleep(pause / 8)) append(90);
  }

  function append(count: number): void {
    const some = newUuids(count);
    uuids.push(...some);
    writer.append(exportedLines(some));
  }

  async function expectDelivered(expected: Partial<typeof allOnce>): Promise<void> {
    const isThere = (): boolean => {
      tally.read();
      return tally.arrived >= uuids.length;
    };
    await production.until("delivery", isThere, 30).catch(() => undefined);
    // What comes twice may come late.
    await sleep(3000);
    expect(tally.compare(uuids)).toMatchObject(expected);
  }

  test("every line once through 100 rotations", async () => {
    await prepare("acns");
    production.start();
    await write(100);
    await expectDelivered(allOnce);
  });

  test("every line once, with the files still there after rotate_wait", async () => {
    await prepare("exporter-file");
    production.changeInput({ rotate_wait: 3 });
    production.start();
    await write(3);
    await sleep(10_000);
    append(90);
    await expectDelivered(allOnce);
  });

  test("every line once through restarts between rotations", async () => {
    await prepare("acns");
    for (let life = 0; life < 8; life++) {
      production.start();
      await write(5);
      append(90);
      await production.end("SIGTERM");
      append(90);
    }
    production.start();
    await expectDelivered(allOnce);
  });

  test("every line at least once through kill -9 between rotations", async () => {
    await prepare("acns");
    for (let life = 0; life < 8; life++) {
      production.start();
      await write(5);
      append(90);
      // A rotation that is not noticed before the end is one while Fluent Bit is down.
      await sleep(2000);
      append(90);
      await production.end("SIGKILL");
      append(90);
    }
    production.start();
    await expectDelivered({ missing: 0 });
    console.log(`killed eight times: ${tally.compare(uuids).duplicates} of ${uuids.length} lines came more than once`);
  });

  test("backups that are there at the start are not read, the file is, and once", async () => {
    await prepare("acns");
    await write(4);
    const inBackups = uuids.length;
    append(50);
    const firstOfFile = writer.firstIndex;
    production.start();
    const isThere = (): boolean => {
      tally.read();
      return tally.arrived >= uuids.length - firstOfFile;
    };
    await production.until("delivery", isThere, 30);
    await sleep(3000);
    expect(inBackups).toBeGreaterThan(1000);
    expect(tally.compare(uuids.slice(firstOfFile))).toEqual(allOnce);
    expect(tally.compare(uuids.slice(0, firstOfFile))).toEqual({ missing: firstOfFile, duplicates: 0 });
  });

  test("rotated while Fluent Bit is down: what was written there since is lost, and no more", async () => {
    await prepare("acns");
    production.start();
    await write(3);
    append(90);
    await sleep(3000);
    await production.end("SIGTERM");
    const down = uuids.length;
    await write(2);
    append(50);
    const firstOfFile = writer.firstIndex;
    production.start();
    append(50);
    await sleep(10_000);
    expect(tally.compare(uuids.slice(0, down))).toEqual(allOnce);
    expect(tally.compare(uuids.slice(down, firstOfFile))).toEqual({ missing: firstOfFile - down, duplicates: 0 });
    expect(tally.compare(uuids.slice(firstOfFile))).toEqual(allOnce);
  });

  test("a pattern that takes the backups too reads them again after rotate_wait", async () => {
    await prepare("acns");
    production.changeInput({ path: `${production.flows}/events*.log`, rotate_wait: 3 });
    production.start();
    await write(2);
    const { firstIndex } = writer;
    await sleep(12_000);
    expect(tally.compare(uuids.slice(0, firstIndex))).toEqual({ missing: 0, duplicates: firstIndex });
  });
});
