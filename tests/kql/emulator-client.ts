import type { Answer } from "./reference/flow.js";

/** The part of a version 1 answer that holds rows (learn.microsoft.com/kusto/api/rest/response). */
interface Table {
  Columns: { ColumnName: string; ColumnType?: string; DataType?: string }[];
  Rows: unknown[][];
}

/** A Kusto service without authentication, such as Microsoft's emulator. */
export class KustoService {
  /** @param address `http://localhost:8080`. */
  constructor(
    readonly address: string,
    readonly database = "NetDefaultDB",
  ) {}

  /**
   * Runs a control command.
   * @throws Error with what the service answered, where it refused.
   */
  async command(csl: string): Promise<void> {
    await this.#post("/v1/rest/mgmt", csl);
  }

  /**
   * Runs a query.
   * @returns the rows of its first table, in the form of the embedded engine's answers: dynamics as their values, times and
   *   timespans as texts.
   */
  async query(csl: string): Promise<Answer[]> {
    const { Tables } = (await this.#post("/v1/rest/query", csl)) as { Tables: Table[] };
    const { Columns, Rows } = Tables[0]!;
    return Rows.map((row) =>
      Object.fromEntries(
        Columns.map(({ ColumnName, ColumnType, DataType }, index) => [
          ColumnName,
          valueOf(ColumnType ?? DataType ?? "", row[index]),
        ]),
      ),
    );
  }

  async #post(path: string, csl: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.address), {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify({ db: this.database, csl }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} for ${csl.slice(0, 200)}: ${text.slice(0, 1000)}`);
    return text === "" ? {} : (JSON.parse(text) as unknown);
  }
}

/** Version 1 writes bools as 0 and 1, and dynamics as texts or as what they are. */
function valueOf(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return type === "string" || type === "String" ? "" : null;
  switch (type.toLowerCase()) {
    case "bool":
    case "boolean":
    case "sbyte":
      return Boolean(value);
    case "datetime":
      return (value as string).replace(/(\.\d*?)0+Z$/, (_, digits: string) => (digits === "." ? "Z" : `${digits}Z`));
    case "dynamic":
    case "object":
      return typeof value === "string" ? parsed(value) : value;
    default:
      return value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
