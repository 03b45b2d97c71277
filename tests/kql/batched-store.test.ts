import { expect, test } from "vitest";
import type { RowBatch } from "../../tools/flatten/row-batch.js";
import { BatchedStore } from "../../tools/kusto/batched-store.js";

const batch = (rows: number): RowBatch => ({ bytes: new Uint8Array(), rows });

/** A store that takes ten milliseconds and writes down what it was given. */
function slowStore() {
  const given: number[] = [];
  let running = 0;
  let most = 0;
  const store = new BatchedStore(async (_, rows) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    running -= 1;
    given.push(rows);
  });
  return { store, given, most: () => most };
}

test("a row group is stored when it is full, the rest when it is told to, one after the other", async () => {
  const { store, given, most } = slowStore();
  await Promise.all([store.push(batch(122_880)), store.push(batch(122_879)), store.flush(), store.push(batch(7))]);
  await Promise.all([store.flush(), store.flush()]);
  expect(given).toEqual([122_880, 122_879, 7]);
  expect(most()).toBe(1);
  expect(store.rows).toBe(0);
});

test("rows that are large are stored before they are a row group", async () => {
  const { store, given } = slowStore();
  const large = (bytes: number): RowBatch => ({ bytes: { length: bytes } as Uint8Array<ArrayBuffer>, rows: 1 });
  await store.push(large((256 << 20) - 1));
  expect(store.rows).toBe(1);
  await store.push(large(1));
  expect(store.rows).toBe(0);
  await store.push(large(128 << 20));
  expect(given).toEqual([2]);
  expect(store.rows).toBe(1);
});

test("what storing throws reaches whoever waits for it next, and nothing is stored after it", async () => {
  let calls = 0;
  const store = new BatchedStore(() => {
    calls += 1;
    return Promise.reject(new Error("the disk is full"));
  });
  await store.push(batch(122_880));
  await expect(store.push(batch(122_880))).rejects.toThrow("the disk is full");
  await expect(store.flush()).rejects.toThrow("the disk is full");
  await store.idle();
  expect(calls).toBe(1);
});

test("while rows are stored no more than a quarter of a row group is gathered", async () => {
  const { store, given } = slowStore();
  await store.push(batch(122_880));
  await store.push(batch(30_719));
  expect(given).toEqual([]);
  await store.push(batch(1));
  expect(given).toEqual([122_880]);
  expect(store.rows).toBe(30_720);
});
