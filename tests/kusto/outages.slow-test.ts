import { renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { findFluentBit } from "../support/fluent-bit.js";
import { flowLines, missingForKusto, newUuids, Production } from "./production.js";
import type { Outage, Part } from "./stand-in.js";

const fluentBit = findFluentBit();
const missing = fluentBit ? missingForKusto() : "they need a Fluent Bit";

const flows = 2000;
const allOnce = { duplicates: 0, missing: 0 };

/** Before 5 tail has noted as read what it has of the line whose end it has not read yet: a kill can lose that line. */
const lostByKill = /^[234]\./.test(fluentBit?.version ?? "") ? 1 : 0;

/** Before 4.0 azure_kusto names a blob by the millisecond: one of two chunks that go out in the same one is lost. */
const testOfManyChunks = test.skipIf(/^[23]\./.test(fluentBit?.version ?? ""));

describe.skipIf(missing).sequential(`outages, on Fluent Bit ${fluentBit?.version}`, { timeout: 180_000 }, () => {
  let production: Production;
  afterEach(() => production.dispose());

  const outages: [part: Part, outage: Outage][] = [
    ["login", 503],
    ["login", "cut"],
    ["resources", 503],
    ["resources", "cut"],
    ["blobs", 503],
    ["blobs", "cut"],
    ["queues", 503],
    ["queues", "cut"],
  ];
  test.each(outages)("%s: %s from the start and again later", async (part, outage) => {
    production = await Production.create(fluentBit!);
    const { standIn } = production;
    standIn.outages.set(part, outage);
    const before = newUuids(flows);
    production.append(flowLines(before));
    production.start();
    await production.until("tries during the outage", () => standIn.requests[part] >= 3);
    expect(standIn.ingested()).toEqual([]);
    standIn.outages.delete(part);
    expect(await production.untilDelivered(before)).toEqual(allOnce);

    // The token and the resources are held by now: only storage is asked again.
    if (part === "login" || part === "resources") return;
    standIn.outages.set(part, outage);
    const requests = standIn.requests[part];
    const during = newUuids(flows);
    production.append(flowLines(during));
    await production.until("tries during the second outage", () => standIn.requests[part] >= requests + 3);
    standIn.outages.delete(part);
    expect(await production.untilDelivered([...before, ...during])).toEqual(allOnce);
  });

  testOfManyChunks(
    "blob storage answers 503 for three minutes under load, with the times of the shipped configuration",
    { timeout: 600_000 },
    async () => {
      production = await Production.create(fluentBit!, { shippedTimes: true });
      const { standIn } = production;
      standIn.outages.set("blobs", 503);
      production.start();
      const uuids: string[] = [];
      for (const end = Date.now() + 180_000; Date.now() < end; await sleep(1000)) {
        const some = newUuids(100);
        uuids.push(...some);
        production.append(flowLines(some));
      }
      expect(standIn.requests.blobs).toBeGreaterThan(3);
      expect(standIn.ingested()).toEqual([]);
      standIn.outages.delete("blobs");
      await production.until("delivery", () => standIn.ingested().length >= uuids.length, 300);
      expect(await production.untilDelivered(uuids)).toEqual(allOnce);
    },
  );

  test("an answer of the queue is lost: the flows come twice", async () => {
    production = await Production.create(fluentBit!);
    const { standIn } = production;
    standIn.outages.set("queues", "lose answer");
    const uuids = newUuids(flows);
    production.append(flowLines(uuids));
    production.start();
    await production.until("a message", () => standIn.messages.length >= 1);
    standIn.outages.delete("queues");
    await production.untilDelivered(uuids);
    await production.until("a second delivery", () => standIn.ingested().length > flows);
  });

  testOfManyChunks("killed in mid-stream, over and over", async () => {
    production = await Production.create(fluentBit!);
    const uuids: string[] = [];
    for (let life = 0; life < 5; life++) {
      production.start();
      for (let part = 0; part < 10; part++) {
        const some = newUuids(500);
        uuids.push(...some);
        production.append(flowLines(some));
        await sleep(100);
      }
      await production.end("SIGKILL");
    }
    production.start();
    const { duplicates, missing } = await production.untilDelivered(uuids, 5 * lostByKill);
    console.log(
      `killed five times: ${duplicates} of ${uuids.length} flows delivered more than once, ${missing} missing`,
    );
  });

  testOfManyChunks("killed in an outage: what waits is delivered after the restart", async () => {
    production = await Production.create(fluentBit!);
    const { standIn } = production;
    standIn.outages.set("blobs", 503);
    const uuids = newUuids(10_000);
    production.append(flowLines(uuids));
    production.start();
    await production.until("tries", () => standIn.requests.blobs >= 5);
    await production.end("SIGKILL");
    standIn.outages.delete("blobs");
    production.start();
    const { duplicates, missing } = await production.untilDelivered(uuids, lostByKill);
    console.log(
      `killed in an outage: ${duplicates} of ${uuids.length} flows delivered more than once, ${missing} missing`,
    );
  });

  testOfManyChunks("ended in an outage: what waits is delivered after the restart", async () => {
    production = await Production.create(fluentBit!, { change: ({ service }) => void (service.grace = 2) });
    const { standIn } = production;
    standIn.outages.set("blobs", 503);
    const uuids = newUuids(10_000);
    production.append(flowLines(uuids));
    production.start();
    await production.until("tries", () => standIn.requests.blobs >= 5);
    await production.end("SIGTERM");
    standIn.outages.delete("blobs");
    production.start();
    expect(await production.untilDelivered(uuids)).toEqual(allOnce);
  });

  testOfManyChunks("the log is rotated under load", async () => {
    production = await Production.create(fluentBit!);
    production.start();
    const { standIn } = production;
    const uuids: string[] = [];
    for (let rotation = 0; rotation < 5; rotation++) {
      for (let part = 0; part < 10; part++) {
        const some = newUuids(500);
        uuids.push(...some);
        production.append(flowLines(some));
        await sleep(50);
      }
      // Tail loses a file that comes and goes before it has noticed the one before: kubelet looks every ten seconds only.
      const isRead = (): boolean =>
        standIn.ingested().some(({ log }) => (log as { UUID: string }).UUID === uuids.at(-5000));
      await production.until("the file is read", isRead);
      const more = newUuids(500);
      uuids.push(...more);
      production.append(flowLines(more));
      // As kubelet does: the file gets another name, and a new one its name.
      renameSync(production.log, `${production.log}.${rotation}`);
      writeFileSync(production.log, "");
    }
    const last = newUuids(10);
    production.append(flowLines(last));
    expect(await production.untilDelivered([...uuids, ...last])).toEqual(allOnce);
  });

  test("the ingestion endpoint stalls: net.io_timeout gets over it", async () => {
    production = await Production.create(fluentBit!, {
      change: ({ pipeline }) => void (pipeline.outputs[0]!["net.io_timeout"] = "5s"),
    });
    const { standIn } = production;
    standIn.outages.set("resources", "stall");
    const uuids = newUuids(flows);
    production.append(flowLines(uuids));
    production.start();
    await production.until("a request that stalls", () => standIn.requests.resources >= 1);
    standIn.outages.delete("resources");
    expect(await production.untilDelivered(uuids)).toEqual(allOnce);
  });

  const stalls: Part[] = ["login", "blobs", "queues"];
  test.each(stalls)("%s stall: what hangs there is delivered after a restart", async (part) => {
    production = await Production.create(fluentBit!);
    const { standIn } = production;
    standIn.outages.set(part, "stall");
    const uuids = newUuids(flows);
    production.append(flowLines(uuids));
    production.start();
    await production.until("a request that stalls", () => standIn.requests[part] >= 1);
    standIn.outages.delete(part);
    await sleep(5000);
    // Known of azure_kusto: no timeout reaches these connections.
    expect(standIn.ingested().length).toBeLessThan(flows);
    await production.end("SIGKILL");
    production.start();
    const { duplicates } = await production.untilDelivered(uuids);
    expect(duplicates).toBe(0);
  });

  const manyFlows = (): string[] => {
    const uuids = newUuids(2000);
    production.append(flowLines(uuids));
    return uuids;
  };

  testOfManyChunks("the disk for its buffers is full: reading waits where the chunks are limited", async () => {
    production = await Production.create(fluentBit!, {
      storageSize: "16M",
      change: ({ service, pipeline }) => {
        service["storage.max_chunks_up"] = 3;
        service["storage.backlog.mem_limit"] = "4M";
        pipeline.inputs[0]!["storage.pause_on_chunks_overlimit"] = "on";
      },
    });
    const { standIn } = production;
    standIn.outages.set("blobs", 503);
    production.start();
    const uuids: string[] = [];
    for (let part = 0; part < 20; part++) {
      uuids.push(...manyFlows());
      await sleep(100);
    }
    await production.until("reading waits", () => production.output.includes("paused (storage buf overlimit"));
    standIn.outages.delete("blobs");
    expect(await production.untilDelivered(uuids)).toEqual(allOnce);
  });

  testOfManyChunks(
    "the disk for its buffers is full without such a limit: what is lost is in the log, delivery goes on",
    async () => {
      production = await Production.create(fluentBit!, { storageSize: "8M" });
      const { standIn } = production;
      standIn.outages.set("blobs", 503);
      production.start();
      for (let part = 0; part < 20; part++) {
        manyFlows();
        await sleep(100);
      }
      await production.until("errors in the log", () => /\[error\] \[input chunk\]/.test(production.output));
      standIn.outages.delete("blobs");
      await production.until("room again", () => standIn.messages.length >= 2);
      await sleep(5000);
      const { duplicates } = await production.untilDelivered(manyFlows());
      expect(duplicates).toBe(0);
      expect(production.isRunning).toBe(true);
    },
  );
});
