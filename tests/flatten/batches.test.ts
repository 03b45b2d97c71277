import { describe, expect, it } from "vitest";
import { batches } from "../../tools/flatten/batches.js";

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describe("batches", () => {
  it("are as large as the limit while items come fast", async () => {
    async function* fast() {
      for (let item = 0; item < 7; item++) yield await Promise.resolve(item);
    }
    expect(await collect(batches(fast(), { items: 3, milliseconds: 1000 }))).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  it("hand on what there is when no more comes", async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    async function* slow() {
      yield 1;
      yield 2;
      await released;
      yield 3;
    }
    const iterator = batches(slow(), { items: 100, milliseconds: 20 });
    expect((await iterator.next()).value).toEqual([1, 2]);
    release();
    expect((await iterator.next()).value).toEqual([3]);
    expect((await iterator.next()).done).toBe(true);
  });

  it("pass on the source's failure after what came before it, also when it comes while nobody asks", async () => {
    async function* failing() {
      yield await Promise.resolve(1);
      await pause(5);
      throw new Error("broken");
    }
    const iterator = batches(failing(), { items: 1, milliseconds: 1000 });
    expect((await iterator.next()).value).toEqual([1]);
    await pause(20);
    await expect(iterator.next()).rejects.toThrow("broken");
  });

  it("hand on what came before a failure", async () => {
    async function* failing() {
      yield await Promise.resolve(1);
      yield 2;
      throw new Error("broken");
    }
    const iterator = batches(failing(), { items: 100, milliseconds: 1000 });
    expect((await iterator.next()).value).toEqual([1, 2]);
    await expect(iterator.next()).rejects.toThrow("broken");
  });

  it("end without waiting for a source that gives nothing", async () => {
    async function* stuck() {
      yield 1;
      await new Promise(() => {});
    }
    for await (const batch of batches(stuck(), { items: 1, milliseconds: 1000 })) {
      expect(batch).toEqual([1]);
      break;
    }
  });
});
