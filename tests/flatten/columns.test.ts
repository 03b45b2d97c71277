import { describe, expect, it } from "vitest";
import { parseColumns } from "../../tools/flatten/columns.js";

const known = ["TimeGenerated", "Verdict", "SourcePodName", "SourcePort"];

describe("parseColumns", () => {
  it("takes names in any letter case and order, blanks around them", () => {
    expect(parseColumns(" sourceport, Verdict,log ", known)).toEqual(["SourcePort", "Verdict", "log"]);
  });

  it.each([
    ["Verdikt", 'there is no column "Verdikt". Did you mean Verdict?'],
    ["Verdict,SourcePod", 'there is no column "SourcePod". Did you mean SourcePort?'],
    ["kubernetes", 'there is no column "kubernetes". The columns are listed in schema/columns.yaml.'],
    ["Verdict,,SourcePort", "a column's name is missing: separate names with one comma"],
    ["", "a column's name is missing: separate names with one comma"],
    ["Verdict,VERDICT", 'the column "Verdict" is named twice'],
  ])("refuses %o", (list, message) => {
    expect(() => parseColumns(list, known)).toThrow(message);
  });
});
