import { expect, it } from "vitest";
import { scanner } from "./support/modules.js";

const filter = scanner();

/** Bytes at the edges of the table in section 4 of RFC 3629, and within. */
const edges = [
  0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0,
  0xf1, 0xf3, 0xf4, 0xf5, 0xff,
];
const others = [0x41, 0x7f, 0x80, 0xbf, 0xc0];

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

it.each([
  ["a record", '{"flow":{"Summary":"', '"}}'],
  ["a text", '{"log":"{\\"flow\\":{\\"Summary\\":\\"', '\\"}}"}'],
  ["a text that is unescaped first", '{"log":"{\\t\\"flow\\":{\\"Summary\\":\\"', '\\"}}"}'],
])("any four bytes in a string of %s are what a strict decoder says, or replaced", (_, before, behind) => {
  const start = Buffer.from(before);
  const end = Buffer.from(behind);
  let valid = 0;
  for (const first of edges) {
    for (const second of edges) {
      for (const third of others) {
        for (const fourth of others) {
          const bytes = Uint8Array.of(first, second, third, fourth);
          const reply = filter("hubble_flows", Buffer.concat([start, bytes, end]));
          const { Summary } = JSON.parse(decoded(reply!)!) as { Summary: string };
          const expected = decoded(bytes);
          const where = Buffer.from(bytes).toString("hex");
          if (expected === undefined) expect(Summary, where).toContain("\ufffd");
          else {
            expect(Summary, where).toBe(expected);
            valid++;
          }
        }
      }
    }
  }
  expect(valid).toBeGreaterThan(100);
});
