import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvLine } from "../tools/text/csv.js";

test.each([
  [["a", "", 1, -1.5], "a,,1,-1.5\n"],
  [['say "hi"', "a,b", "two\nlines", "a\rb"], '"say ""hi""","a,b","two\nlines","a\rb"\n'],
  [["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1"], "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\",'＝1\n"],
  [[], "\n"],
])("%j", (fields, line) => {
  expect(csvLine(fields, true)).toBe(line);
});

test("formulas stay as they are where that is asked for", () => {
  expect(csvLine(["=1+1"], false)).toBe("=1+1\n");
});

test("a reader of CSV gets back what was written", () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('"', ",", "\n", "\r", "'", "=", " "),
      fc.string({ unit: "grapheme", maxLength: 1, minLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1 }), (rows) => {
      const csv = rows.map((row) => csvLine(row, false)).join("");
      expect(parse(csv, { record_delimiter: "\n", skip_empty_lines: false })).toEqual(rows);
    }),
  );
});
