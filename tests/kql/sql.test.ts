import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../tools/kusto/engine.js";
import { openEngine } from "../support/engine.js";

// What the SQL of a query does without: DuckDB takes longer to plan it than to run what is left.

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

/** The SQL of a query, its columns counted from 1. */
function sqlOf(kql: string): string {
  const numbers = new Map<string, number>();
  const [rows] = engine.translate(kql, 0n).slice(-1);
  return rows!.sql.replaceAll(/#\d+"/g, (text) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size + 1);
    return `#${numbers.get(text)}"`;
  });
}

describe("what is known before", () => {
  test.each([
    ["a list that is not set", "isempty(dynamic(null)) or ClusterName in (dynamic(null))"],
    ["a text that is not set", `isempty("") or SourcePodName contains ""`],
    ["nothing to ignore", "SourcePodName !in (dynamic([]))"],
    ["a text held against another", `"a" != "b" and not("a" == "b")`],
  ])("%s is no condition", (_, condition) => {
    expect(sqlOf(`HubbleFlows | where ${condition} | count`)).toBe(sqlOf("HubbleFlows | count"));
  });

  test("what cannot be true is not asked for more", () => {
    const impossible = `HubbleFlows | where Reply and "a" == "b" | count`;
    expect(sqlOf(impossible)).toBe(sqlOf("HubbleFlows | where false | count"));
  });

  test("a case that cannot be is left out, and what follows one that has to be", () => {
    const shorter = `HubbleFlows | project x = iff(Reply, "b", "c")`;
    const longer = `HubbleFlows | project x = case(isnotempty(""), "a", Reply, "b", isempty(""), "c", Encrypted, "d", "e")`;
    expect(sqlOf(longer)).toBe(sqlOf(shorter));
  });
});

test("a column that nothing reads is not made", () => {
  const sql = sqlOf("HubbleFlows | extend kept = 1, lost = 2 | project kept");
  expect(sql).toContain('"kept#');
  expect(sql).not.toContain('"lost#');
});

test("rows that several read stand once: of a function called alike, and of a let", () => {
  const called = "HubbleRequests(ago(1h), now())";
  expect(sqlOf(`${called} | union (${called}) | count`).match(/"HubbleRequests#\d+" AS \(/g)).toHaveLength(1);
  const bound = sqlOf("let F = HubbleFlows | where Reply; F | union F | count");
  expect(bound.match(/"Reply#\d+"\)/g)).toHaveLength(1);
});

test("a query that is asked again has its own time, and one that was refused is refused again", async () => {
  const time = async (now: bigint) => (await engine.query("print t = tolong(now())", { now }))[0]!.rows;
  expect(await time(639_000_000_000_000_000n)).toEqual([[639_000_000_000_000_000n]]);
  expect(await time(639_000_000_000_000_001n)).toEqual([[639_000_000_000_000_001n]]);
  for (let i = 0; i < 2; i++) expect(() => engine.check("HubbleFlow | count")).toThrow(/Did you mean HubbleFlows/);
});
