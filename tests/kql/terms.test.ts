import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../tools/kusto/engine.js";
import { openEngine } from "../support/engine.js";

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

/** By what the page of `has` says: a term stands between characters that are no letters and no digits. */
function hasTerm(text: string, term: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}])${term.replaceAll(".", "\\.")}(?![\\p{L}\\p{N}])`, "u").test(text);
}

const quoted = (text: string) => JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, unicodeEscape);
const unicodeEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

test("has finds what stands alone, whatever letters are beside it", async () => {
  const parts = [
    "SYN",
    "SYN",
    "SY",
    "N",
    "a",
    "Z",
    "0",
    " ",
    "-",
    "_",
    ".",
    "é",
    "ß",
    "—",
    "中",
    "٣",
    "½",
    "\u0301",
    "\n",
  ];
  // Letters and others beyond the first plane.
  const astral = ["𝒜", "𐐀", "😀"];
  const text = fc.array(fc.constantFrom(...parts, ...astral), { maxLength: 8 }).map((list) => list.join(""));
  const term = fc.constantFrom("SYN", "a", "é", "中", "SYN.", "-SYN", "Z-0");
  const pairs = fc.sample(fc.tuple(text, term), { numRuns: 2000, seed: 5 });
  const rows = pairs.map(([of, one], index) => `${index}, ${quoted(of)}, ${quoted(one)}`);
  const kql = `datatable(i: int, s: string, t: string)[${rows.join(",\n")}]
    | project i, ofColumn = s has_cs t, ofLiteral = s has_cs "SYN"
    | order by i asc`;
  const [result] = await engine.query(kql);
  const expected = pairs.map(([of, one], index) => [index, hasTerm(of, one), hasTerm(of, "SYN")]);
  expect(result!.rows).toEqual(expected);
  for (const column of [1, 2]) expect(new Set(expected.map((row) => row[column])).size).toBe(2);
});
