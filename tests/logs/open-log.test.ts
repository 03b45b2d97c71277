import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { logSize, openLog } from "../../tools/logs/open-log.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hubble-adx-"));
});

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function textOf(path: string, onBytes?: (count: number) => void): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openLog(path, onBytes)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("what a log's first bytes say", () => {
  it("nothing: it is given as it is", async () => {
    for (const text of ["", "a", "a flow\n"]) expect(await textOf(await fileOf("plain", text))).toBe(text);
  });

  it("gzip, also of several members, whatever the file's name", async () => {
    const members = Buffer.concat([gzipSync("first\n"), gzipSync("second\n")]);
    expect(await textOf(await fileOf("log.1", members))).toBe("first\nsecond\n");
  });

  it("UTF-16, as PowerShell writes it", async () => {
    const text = "grün 😱\n".repeat(20_000);
    expect(await textOf(await fileOf("utf16", Buffer.from(`\ufeff${text}`, "utf16le")))).toBe(text);
  });

  it("a byte order mark of UTF-8", async () => {
    expect(await textOf(await fileOf("bom", "\ufeff{}\n"))).toBe("{}\n");
  });

  it("a compression that is not supported", async () => {
    const path = await fileOf("log.zst", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]));
    await expect(textOf(path)).rejects.toThrow(
      `${path}: is compressed with zstd: decompress it first, with "zstd -dc"`,
    );
  });
});

it("tells how many bytes of the file have been read", async () => {
  const packed = gzipSync("line\n".repeat(100_000));
  let read = 0;
  await textOf(await fileOf("counted.gz", packed), (count) => (read += count));
  expect(read).toBe(packed.length);
});

describe("errors name the file", () => {
  it("that is cut gzip", async () => {
    const path = await fileOf("cut.gz", gzipSync("line\n".repeat(1000)).subarray(0, -12));
    await expect(textOf(path)).rejects.toThrow(`${path}: damaged gzip data (unexpected end of file)`);
  });

  it("that is damaged gzip", async () => {
    const bytes = gzipSync("line\n".repeat(1000));
    bytes.fill(0xff, 12, 30);
    const path = await fileOf("damaged.gz", bytes);
    await expect(textOf(path)).rejects.toThrow(new RegExp(`^${path}: damaged gzip data \\(`));
  });

  it("that is not there", async () => {
    const path = join(folder, "missing");
    await expect(textOf(path)).rejects.toThrow(`${path}: no such file`);
    await expect(logSize(path)).rejects.toThrow(`${path}: no such file`);
  });

  it("that is a folder", async () => {
    await expect(logSize(folder)).rejects.toThrow(`${folder}: is a directory: name the log files in it`);
  });
});

it("knows the size of a file, and of nothing else", async () => {
  expect(await logSize(await fileOf("five", "12345"))).toBe(5);
  expect(await logSize("-")).toBeUndefined();
  expect(await logSize("/dev/null")).toBeUndefined();
});
