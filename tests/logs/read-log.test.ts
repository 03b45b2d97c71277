import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { readLog, toRecord, type LogLine } from "../../tools/logs/read-log.js";

async function linesOf(log: string | Uint8Array, chunkSize = 65536, maxLineBytes?: number): Promise<LogLine[]> {
  const bytes = Buffer.from(log);
  async function* chunks() {
    for (let start = 0; start < bytes.length; start += chunkSize) {
      yield await Promise.resolve(bytes.subarray(start, start + chunkSize));
    }
  }
  const lines: LogLine[] = [];
  for await (const line of readLog(chunks(), maxLineBytes === undefined ? {} : { maxLineBytes })) lines.push(line);
  return lines;
}

async function textsOf(log: string | Uint8Array): Promise<string[]> {
  return (await linesOf(log)).map(({ text }) => text);
}

const time = { seconds: 1737619163, nanoseconds: 501253423 };
const cri = "2025-01-23T07:59:23.501253423Z";

describe("CRI lines", () => {
  it("give text, stream and time to the nanosecond", async () => {
    expect(await linesOf(`${cri} stdout F {"flow":{}}\n${cri} stderr F level=info\n`)).toEqual([
      { text: '{"flow":{}}', stream: "stdout", time, number: 1 },
      { text: "level=info", stream: "stderr", time, number: 2 },
    ]);
  });

  it("may have an offset, a shorter fraction, none, or tags after F", async () => {
    const lines = await linesOf("2025-01-23T08:59:23.5+01:00 stdout F a\n2025-01-23T07:59:23Z stdout F:x:y b\n");
    expect(lines.map(({ time }) => time)).toEqual([
      { seconds: 1737619163, nanoseconds: 500000000 },
      { seconds: 1737619163, nanoseconds: 0 },
    ]);
    expect(lines.map(({ text }) => text)).toEqual(["a", "b"]);
  });

  it("keep blanks, and may be empty", async () => {
    expect(await textsOf(`${cri} stdout F   two blanks before \n${cri} stdout F \n${cri} stdout F\n`)).toEqual([
      "  two blanks before ",
      "",
      "",
    ]);
  });

  it("are joined from their parts, per stream, at the first part's time and number", async () => {
    const log = [
      `${cri} stdout P {"flow"`,
      "2025-01-23T07:59:24Z stderr F between",
      "2025-01-23T07:59:25Z stdout P :{}",
      "2025-01-23T07:59:26Z stdout F }",
    ].join("\n");
    expect(await linesOf(log)).toEqual([
      { text: "between", stream: "stderr", time: { seconds: 1737619164, nanoseconds: 0 }, number: 2 },
      { text: '{"flow":{}}', stream: "stdout", time, number: 1 },
    ]);
  });

  it("are joined as bytes: a part may end within a character", async () => {
    const umlaut = Buffer.from("ü");
    const log = Buffer.concat([
      Buffer.from(`${cri} stdout P gr`),
      umlaut.subarray(0, 1),
      Buffer.from(`\n${cri} stdout F `),
      umlaut.subarray(1),
      Buffer.from("n\n"),
    ]);
    expect(await textsOf(log)).toEqual(["grün"]);
  });

  it("are given as far as they came when the last part is missing", async () => {
    expect(await textsOf(`${cri} stdout P {"flow":{`)).toEqual(['{"flow":{']);
  });
});

describe("Docker's json-file lines", () => {
  const entry = (log: string, stream = "stdout") => JSON.stringify({ log, stream, time: cri });

  it("give text, stream and time", async () => {
    expect(await linesOf(`${entry('{"flow":{"uuid":"ü"}}\n')}\n`)).toEqual([
      { text: '{"flow":{"uuid":"ü"}}', stream: "stdout", time, number: 1 },
    ]);
  });

  it("are joined until one ends with a line feed", async () => {
    const log = [entry('{"fl'), entry("x\n", "stderr"), entry('ow":{}}\n')].join("\n");
    expect(await textsOf(log)).toEqual(["x", '{"flow":{}}']);
  });

  it("are bare text where a key is missing or the JSON is cut", async () => {
    const lines = ['{"log":"a\\n","stream":"stdout"}', '{"log":"a\\n","stream":"stdout","time":"20'];
    expect(await textsOf(lines.join("\n"))).toEqual(lines);
  });
});

describe("bare lines", () => {
  it("are the text", async () => {
    expect(await linesOf('{"flow":{}}\nlevel=info msg="x"\n\n')).toEqual([
      { text: '{"flow":{}}', number: 1 },
      { text: 'level=info msg="x"', number: 2 },
      { text: "", number: 3 },
    ]);
  });

  it("lose what kubectl logs --prefix and --timestamps put before them", async () => {
    expect(
      await linesOf(
        `[pod/cilium-x7k2p/cilium-agent] ${cri} {"flow":{}}\n[pod/cilium-x7k2p/cilium-agent] a\n${cri} b\n`,
      ),
    ).toEqual([
      { text: '{"flow":{}}', time, number: 1 },
      { text: "a", number: 2 },
      { text: "b", time, number: 3 },
    ]);
  });

  it("keep what only looks like it", async () => {
    const lines = [
      "[2025-04-17 08:15:10.888][7][info] x",
      "2025-01-23 07:59:23 x",
      "[pod] x",
      "2025-13-45T99:00:00Z x",
    ];
    expect(await textsOf(lines.slice(0, 3).join("\n"))).toEqual(lines.slice(0, 3));
    expect((await linesOf(lines[3]!))[0]?.time).toBeUndefined();
  });

  it("have U+FFFD for bytes that are no UTF-8, and lose a carriage return", async () => {
    expect(await textsOf(Buffer.from([0x61, 0xff, 0x62, 0x0d, 0x0a]))).toEqual(["a\ufffdb"]);
  });
});

describe("any log", () => {
  it("is read the same however it comes in chunks", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        `${cri} stdout P `,
        `${cri} stdout F `,
        '{"log":"a\\n","stream":"stderr","time":"x"}',
        "\n",
        "\r\n",
      ),
      fc.string({ unit: "binary" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part), fc.integer({ min: 1, max: 20 }), async (parts, chunkSize) => {
        const log = parts.join("");
        expect(await linesOf(log, chunkSize)).toEqual(await linesOf(log));
      }),
    );
  });

  it("may end without a line feed", async () => {
    expect(await textsOf("a\nb")).toEqual(["a", "b"]);
  });

  it("has no line beyond the limit, nor one in parts", async () => {
    await expect(linesOf(`ok\n${"x".repeat(200)}`, 10, 100)).rejects.toThrow("line 2 is longer than 100 bytes");
    const part = `${cri} stdout P ${"x".repeat(40)}\n`;
    await expect(linesOf(`ok\n${part.repeat(3)}`, 10, 100)).rejects.toThrow(
      "line 2, in parts, is longer than 100 bytes",
    );
  });
});

describe("toRecord", () => {
  it("gives the record of tail with multiline.parser cri", () => {
    expect(toRecord({ text: 'a "b" \\ \u0000ü', number: 1 })).toBe('{"log":"a \\"b\\" \\\\ \\u0000ü"}');
  });
});
