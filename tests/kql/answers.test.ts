import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { items } from "../../tools/kusto/language.js";
import type { Engine } from "../../tools/kusto/engine.js";
import { datetimeTicks } from "../../tools/text/ticks.js";
import type { KustoResult } from "../../tools/kusto/result.js";
import { aggregates } from "../../tools/kusto/translate/aggregates.js";
import { operators } from "../../tools/kusto/translate/rows.js";
import { scalarFunctions } from "../../tools/kusto/translate/scalar-functions.js";
import { kindOf, walk } from "../../tools/kusto/language.js";
import { packageFile } from "../../tools/package-file.js";
import { openEngine } from "../support/engine.js";

interface Case {
  kql: string;
  is?: unknown;
  rows?: unknown[][];
  /** False where the order of rows is open. */
  order?: boolean;
  page: string;
}

const read = (name: string) => parse(readFileSync(packageFile(`tests/fixtures/kql/${name}.yaml`), "utf8")) as Case[];
const scalars = read("scalars");
const tables = read("tables");
const now = datetimeTicks("2026-03-04T09:00:00Z")!;
const given = `
let T = datatable(a: int, s: string, r: real, t: datetime, d: dynamic)[
  1, "x", 1.5, datetime(2025-01-01 00:01), dynamic([1, 2]),
  2, "", real(null), datetime(2025-01-01 00:06), dynamic({"k": "v"}),
  int(null), "y", 2.5, datetime(2025-01-01 00:04), dynamic(null),
  2, "x", 0.5, datetime(null), dynamic([])];
let U = datatable(a: int, n: string)[2, "two", 3, "three", int(null), "nothing"];
`;

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

/** Values as the table writes them: dynamics as their values, a long beyond 2^53 as text. */
function values({ columns, rows }: KustoResult): unknown[][] {
  return rows.map((row) =>
    row.map((value, index) => {
      if (typeof value === "bigint") return value.toString();
      return columns[index]!.type === "dynamic" && value !== null ? (JSON.parse(value as string) as unknown) : value;
    }),
  );
}

async function run(kql: string): Promise<KustoResult> {
  return (await engine.query(kql, { now })).at(-1)!;
}

describe("scalars", () => {
  test.each(scalars.map((one) => [one.kql, one.page, one] as const))("%s (%s)", async (kql, _, { is }) => {
    expect(values(await run(`print x = ${kql}`))).toEqual([[is]]);
  });
});

describe("tables", () => {
  test.each(tables.map((one) => [one.kql, one.page, one] as const))("%s (%s)", async (kql, _, { rows, order }) => {
    const query = /\b[TU]\b/.test(kql) ? given + kql : kql;
    const result = await run(query);
    const sorted = (list: unknown[][]) => (order === false ? [...list].sort() : list);
    expect(sorted(values(result))).toEqual(sorted(rows!));
    // What the parser says of the columns is what comes out.
    const expected = items(engine.database.analyze(query).ResultType?.Columns);
    expect(result.columns).toEqual(expected.map(({ Name, Type }) => ({ name: Name, type: Type.Name })));
  });
});

describe("the table is complete", () => {
  const text = [...scalars, ...tables].map(({ kql }) => kql).join("\n");

  test.each(Object.keys(scalarFunctions).concat(Object.keys(aggregates)))("%s()", (name) => {
    expect(text).toMatch(new RegExp(`\\b${name}\\s*\\(`));
  });

  test.each(Object.keys(operators))("%s", (kind) => {
    const found = tables.some(({ kql }) =>
      [...walk(engine.database.analyze(given + kql).Syntax)].some((node) => kindOf(node) === kind),
    );
    expect(found).toBe(true);
  });
});

describe("what is not covered is an error with its place", () => {
  test.each([
    ["HubbleFlows | make-series count() on TimeGenerated step 1h", 'the operator "make-series" is not covered', 1, 15],
    ["HubbleFlows\n| evaluate bag_unpack(AdditionalFields)", 'the operator "evaluate" is not covered', 2, 3],
    ["HubbleFlows | parse Summary with * ':' x:long", 'the operator "parse" is not covered', 1, 15],
    ["HubbleFlows | sample 5", 'the operator "sample" is not covered', 1, 15],
    ["HubbleFlows | top-nested 3 of Verdict by count()", 'the operator "top-nested" is not covered', 1, 15],
    ["HubbleFlows | summarize hll(UUID)", "the function hll() is not covered", 1, 25],
    ["print hash_sha256('x')", "the function hash_sha256() is not covered", 1, 7],
    ["print rand()", "the function rand() is not covered", 1, 7],
    ["HubbleFlows | extend n = row_number()", "row_number() on rows that nothing has sorted is not covered", 1, 26],
    ["HubbleFlows | mv-expand SourceNames, SourceLabels", "mv-expand of several columns is not covered", 1, 38],
    ["print decimal(1)", "", 1, 7],
    ["HubbleFlows | where * has 'x'", "", 1, 21],
    ["union Hubble*", "union of tables by pattern is not covered", 1, 7],
    ["HubbleFlows | union withsource=Table HubbleFlows", "union withsource=Table is not covered", 1, 15],
    ["search 'x'", "", 1, 1],
    ["union H*", "", 1, 7],
    ["externaldata(a: string)['https://example.com/x.csv']", "", 1, 1],
    ["cluster('x').database('y').HubbleFlows", "", 1, 1],
    ["HubbleFlows | extend x = countof('a', 'b', 'regex')", "countof(string, string, string) is not covered", 1, 26],
  ])("%s", async (kql, message, line, column) => {
    const error = await engine.query(kql, { now }).then(
      () => undefined,
      (thrown: unknown) => thrown as Error & { position?: { line: number; column: number } },
    );
    expect(error?.name).toBe("UserError");
    expect(error?.message).toContain(message);
    expect(error?.message).toContain("^");
    expect(error?.position).toEqual({ line, column });
  });

  test.each([
    ["T | mv-expand d limit 1", "mv-expand with a limit", "limit"],
    ["T | mv-expand with_itemindex=i d", "mv-expand with_itemindex = i", "with_itemindex"],
    ["T | mv-expand d to typeof(guid)", "the type guid", "d to"],
    ["T | top 1 by d", "sorting by a dynamic", "d"],
    ["T | summarize avg(t)", "avg(datetime)", "avg"],
    ["T | summarize percentile(s, 50)", "percentile(string, long)", "percentile"],
    ["T | union withsource=x U", "union withsource=x", "union"],
    ["print format_datetime(now(), 'yyyyy')", "format_datetime(datetime, string)", "format_datetime"],
    ["print extract_all('ab', 'ab')", "extract_all(string, string)", "extract_all"],
    ["print extract_all('(a)(b)', 'ab')", "extract_all(string, string)", "extract_all"],
    ["T | summarize stdev(t)", "stdev(datetime)", "stdev"],
    ["print datetime_add('nanosecond', 1, now())", "datetime_add(string, long, datetime)", "datetime_add"],
    ["print datetime_diff('nanosecond', now(), now())", "datetime_diff(string, datetime, datetime)", "datetime_diff"],
    ["print datetime_part('week_of_year', now())", "datetime_part(string, datetime)", "datetime_part"],
    ["print dynamic(1) + dynamic(2)", '"+" between dynamic and dynamic', "+"],
  ])("%s", async (kql, message, place) => {
    const error = (await engine.query(given + kql, { now }).then(
      () => new Error("it is covered"),
      (thrown: unknown) => thrown,
    )) as Error & { position?: { line: number; column: number } };
    expect(error.message).toContain(`${message} is not covered`);
    const column = kql.indexOf(place, kql.indexOf(" ")) + 1;
    expect(error.position).toEqual({ line: given.split("\n").length, column });
  });

  test.each([
    ["HubbleFlows | where Vredict == 'DROPPED'", "Did you mean Verdict?"],
    ["HubbleDeniedIngress(ago(1d), now())", "Did you mean HubbleDeniedEgress?"],
    ["HubbleFlows | summarize Total = count() | project Totl", "Did you mean Total?"],
  ])("%s", async (kql, hint) => {
    await expect(engine.query(kql, { now })).rejects.toThrow(hint);
  });
});

describe("a query can read the rows and nothing else", () => {
  test.each([
    "read_csv('/etc/passwd')",
    "externaldata(line: string)['/etc/passwd']",
    "print getenv('HOME')",
    "['(SELECT 1)']",
    "HubbleFlows | extend x = ['a\"); ATTACH ''/tmp/x.db'' AS y; --']",
  ])("%s is refused", async (kql) => {
    await expect(engine.query(kql, { now })).rejects.toThrow();
  });

  test.each([
    [`print x = "'; ATTACH '/tmp/x.db' AS y; --"`, `'; ATTACH '/tmp/x.db' AS y; --`],
    [`print x = tostring(dynamic({"a'b\\"c": "d'"})["a'b\\"c"])`, "d'"],
    [`print x = strcat("a", "\\u0000", "b")`, "a\0b"],
    [`let ['x"; --'] = "y"; print x = ['x"; --']`, "y"],
  ])("%s stays text", async (kql, text) => {
    expect(values(await run(kql))).toEqual([[text]]);
  });

  test("a query that nests deeper than anyone writes ends with an error", async () => {
    const deep = `print ${"(".repeat(2000)}1${")".repeat(2000)}`;
    await expect(engine.query(deep, { now })).rejects.toThrow();
    expect(values(await run("print 1"))).toEqual([[1]]);
  });
});
