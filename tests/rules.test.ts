import { beforeAll, describe, expect, it } from "vitest";
import { filterFunctions, recordTime, reference, scanner, type Filter } from "./support/modules.js";
import { rowText } from "./support/rows.js";
import { loadRuleCases } from "./support/rules.js";

const ruleCases = [...loadRuleCases()];
const modules = [
  { module: "the filter", load: scanner },
  { module: "the reference", load: reference },
];

describe.each(modules)("$module", ({ load }) => {
  let filter: Filter;
  beforeAll(() => {
    filter = load();
  });

  for (const [file, cases] of ruleCases) {
    describe(file, () => {
      for (const { name, functions, records, expected } of cases) {
        it(name, () => {
          for (const functionName of functions) {
            for (const { shape, text } of records) {
              const reply = filter(functionName, text);
              const where = `${functionName}, ${shape}`;
              if (expected === "dropped") expect(reply && Buffer.from(reply).toString(), where).toBeNull();
              else if (expected === "unchanged") expect(Buffer.from(reply ?? "").toString(), where).toBe(text);
              else expect(rowText(reply), where).toBe(rowText(withTime(expected.row)));
            }
          }
        });
      }
    });
  }

  describe.each(filterFunctions)("%s and depth", (functionName) => {
    it.each(["[]", "{}"])("reads text whose %s nest 64 deep", (brackets) => {
      const row = rowText(filter(functionName, JSON.stringify({ log: eventOfDepth(64, brackets) })));
      expect(row).not.toContain("ParseError");
      expect(row).toContain("AdditionalFields");
    });

    it.each(["[]", "{}"])("does not read text whose %s nest 65 deep", (brackets) => {
      const text = eventOfDepth(65, brackets);
      const row = { TimeGenerated: recordTime, ParseError: "?", RawMessage: text };
      expect(rowText(filter(functionName, JSON.stringify({ log: text })))).toBe(rowText(bytes(JSON.stringify(row))));
    });

    it("does not count brackets that are closed again, or stand in strings", () => {
      const text = `{"flow":{"x":[${"[],{},".repeat(100)}"${"[{".repeat(100)}"]}}`;
      expect(rowText(filter(functionName, JSON.stringify({ log: text })))).not.toContain("ParseError");
    });

    it("reads merged flows of any depth", () => {
      expect(rowText(filter(functionName, eventOfDepth(1000, "[]")))).toContain("AdditionalFields");
    });
  });
});

/** An export event whose arrays or objects nest so deep, its own braces included. */
function eventOfDepth(depth: number, brackets: string): string {
  const [open, close] = brackets === "[]" ? ["[", "]"] : ['{"a":', "}"];
  return `{"flow":{"deep":${open.repeat(depth - 2)}1${close.repeat(depth - 2)}}}`;
}

function withTime(row: string): Uint8Array {
  if (row.includes('"TimeGenerated"')) return bytes(row);
  return bytes(row.replace("{", `{"TimeGenerated":"${recordTime}"${row === "{}" ? "" : ","}`));
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}
