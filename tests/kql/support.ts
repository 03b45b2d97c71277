import type { Engine } from "../../tools/kusto/engine.js";
import type { KustoResult } from "../../tools/kusto/result.js";
import type { Answer } from "./reference/flow.js";

/** Rows of a result as objects, dynamics as their values. */
export function objects({ columns, rows }: KustoResult): Answer[] {
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }, index) => {
        const value = row[index]!;
        return [name, type === "dynamic" && value !== null ? (JSON.parse(value as string) as unknown) : value];
      }),
    ),
  );
}

/** The rows that the last statement of a query gives. */
export async function answer(engine: Engine, kql: string, now?: bigint): Promise<Answer[]> {
  const results = await engine.query(kql, now === undefined ? {} : { now });
  return objects(results.at(-1)!);
}

/** Rows in an order of their own, keys sorted, reals to nine digits: two answers that are alike are equal. */
export function canonical(rows: Answer[]): string[] {
  return rows
    .map((row) => JSON.stringify(row, Object.keys(row).sort()))
    .map(roundReals)
    .sort();
}

function roundReals(json: string): string {
  return json.replaceAll(/-?\d+\.\d{9,}(e[-+]\d+)?/g, (digits) => String(Number(Number(digits).toPrecision(9))));
}

export async function load(engine: Engine, rows: Answer[]): Promise<void> {
  for (const row of rows) await engine.add(JSON.stringify(row));
}
