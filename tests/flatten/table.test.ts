import { expect, it } from "vitest";
import type { Row } from "../../tools/flatten/flatten-log.js";
import { columnsLayout, storyLayout } from "../../tools/flatten/layouts.js";
import { formatTable } from "../../tools/flatten/table.js";

async function* rowsOf(...rows: Record<string, unknown>[]): AsyncGenerator<Row> {
  for (const row of rows) {
    yield await Promise.resolve({ kind: "flow", json: JSON.stringify(row), time: { seconds: 0, nanoseconds: 0 } });
  }
}

async function text(chunks: AsyncIterable<string>): Promise<string> {
  let all = "";
  for await (const chunk of chunks) all += chunk;
  return all;
}

it("colours verdicts where there are colours", async () => {
  const row = { Verdict: "DROPPED", TimeGenerated: "2026-03-04T09:14:13Z" };
  const coloured = await text(formatTable(rowsOf(row), storyLayout(100), { width: 100, color: true }));
  expect(coloured).toContain("\u001b[31mDROPPED\u001b[39m");
  const plain = await text(formatTable(rowsOf(row), storyLayout(100), { width: 100, color: false }));
  expect(plain).not.toContain("\u001b");
});

it("widens its columns with later pages and never narrows them", async () => {
  const short = Array.from({ length: 200 }, () => ({ Verdict: "AUDIT", UUID: "b" }));
  const rows = rowsOf(...short, { Verdict: "FORWARDED", UUID: "b" }, { Verdict: "AUDIT", UUID: "b" });
  const table = await text(formatTable(rows, columnsLayout(["Verdict", "UUID"]), { color: false }));
  const lines = table.split("\n");
  expect(lines[0]).toBe("Verdict  UUID");
  expect(lines[2]).toBe("AUDIT    b");
  expect(lines.slice(-3)).toEqual(["FORWARDED  b", "AUDIT      b", ""]);
});

it("has nothing to show for no rows", async () => {
  expect(await text(formatTable(rowsOf(), storyLayout(100), { width: 100, color: false }))).toBe("");
});
