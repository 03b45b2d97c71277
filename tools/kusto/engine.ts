import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { packageFile } from "../package-file.js";
import { loadSchema, type AdxType, type Column } from "../schema.js";
import { suggest } from "../text/suggest.js";
import { UserError } from "../user-error.js";
import { wellFormed, wrapped, type RowBatch } from "../flatten/row-batch.js";
import { firstMistake } from "./check.js";
import { Database } from "./database.js";
import { KustoError } from "./error.js";
import { lineStruct, readMapping, storedColumns } from "./ingestion.js";
import { macros } from "./macros.js";
import { readResult, type KustoResult } from "./result.js";
import { epochTicks } from "../text/ticks.js";
import { wordCharacterBits } from "./word-characters.js";
import { Translator, type TableSource } from "./translate/translator.js";
import { identifier, sqlType, type Rows } from "./translate/value.js";

/** A row group of DuckDB: stored whole, it is compressed once. */
export const rowsPerBatch = 122_880;
/** Rows may be large. */
export const bytesPerBatch = 256 << 20;
const table = "HubbleFlows";
/** The queries that are kept: as many as the dashboard has and then some, none longer than somebody writes. */
const mostQueries = 100;
const longestQuery = 10_000;
/** Stands for the query's time; a NUL stands nowhere else in a statement. */
const nowMark = "\0now\0";
/** So much is handed to DuckDB without a pause: a few milliseconds. */
const bytesAtOnce = 1 << 20;

export interface QueryOptions {
  /** What `now()` is, in ticks; by default the time of the newest row, so that `ago()` works on old logs. */
  now?: bigint;
}

/**
 * KQL over rows of `HubbleFlows` in memory: Microsoft's parser reads it, DuckDB executes it. Nothing is written to disk,
 * and no query can read a file, reach the network or load an extension.
 */
export class Engine {
  readonly database: Database;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** Stores batches while queries run on the other one. */
  readonly #writer: DuckDBConnection;
  readonly #columns: readonly Column[];
  #pending: { line: string; ingestionTime: bigint | undefined }[] = [];
  #pendingCharacters = 0;
  /** How a line becomes a row, as SQL: the struct that is read of it, and the columns that are made of that. */
  #mapped: { line: string; list: string } | undefined;
  #uncompressedRows = 0;
  /** What is known of the queries asked last: a dashboard asks the same again, at another time. */
  readonly #queries = new Map<string, { isSound?: boolean; rows?: Rows[] }>();

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    writer: DuckDBConnection,
    database: Database,
    columns: readonly Column[],
  ) {
    this.#instance = instance;
    this.#connection = connection;
    this.#writer = writer;
    this.database = database;
    this.#columns = columns;
  }

  /**
   * An engine without rows.
   * @throws UserError that says how to add DuckDB where it is not installed.
   */
  static async open(database: Database = Database.hubble()): Promise<Engine> {
    const { DuckDBInstance } = await loadDuckDB();
    const instance = await DuckDBInstance.create(":memory:", {
      enable_external_access: "false",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    // They take a tenth of the planning of a large query, and no query here gains by them.
    await connection.run("SET disabled_optimizers = 'common_subexpressions,common_subplan'");
    const { columns } = loadSchema();
    // Compressed, a row takes about a fifth.
    await connection.run("ATTACH ':memory:' AS hubble (COMPRESS)");
    await connection.run("USE hubble");
    const list = [
      ...columns.map(({ name, type }) => `${identifier(name)} ${sqlType(type)}`),
      `"$ingestion_time" BIGINT`,
    ];
    await connection.run(`CREATE TABLE ${table} (${list.join(", ")})`);
    await connection.run(`SET VARIABLE kusto_word_bits = CAST('${wordCharacterBits()}' AS BIT)`);
    for (const macro of macros) await connection.run(macro);
    const writer = await instance.connect();
    await writer.run("USE hubble");
    await connection.run("SET lock_configuration = true");
    return new Engine(instance, connection, writer, database, columns);
  }

  /**
   * Gathers a row, which is stored as ingestion through the mapping of `adx/schema.kql` would.
   * @param json a JSON object as the filter returns it; it has to be valid.
   * @param ingestionTime what `ingestion_time()` gives, in ticks; unknown without it.
   */
  async add(json: string, ingestionTime?: bigint): Promise<void> {
    this.#pending.push({ line: wrapped(wellFormed(json)), ingestionTime });
    this.#pendingCharacters += json.length;
    if (this.#pending.length >= rowsPerBatch || this.#pendingCharacters >= bytesPerBatch) await this.flush();
  }

  /** Stores what `add` has gathered; queries do so by themselves. */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingCharacters = 0;
    await this.#ingest(this.#connection, "added", (append) => {
      for (const { line, ingestionTime } of pending) append(line, ingestionTime);
      return Promise.resolve();
    });
    await this.compress();
  }

  /**
   * Stores batches, as `add` would their rows, while queries may run; one call at a time. It takes them out of the list,
   * so that they are held once. A full row group at once takes half as long as in parts.
   */
  async store(batches: RowBatch[]): Promise<void> {
    const decoder = new TextDecoder();
    await this.#ingest(this.#writer, "stored", async (append) => {
      let bytes = 0;
      for (let batch = batches.shift(); batch; batch = batches.shift()) {
        for (const line of decoder.decode(batch.bytes).split("\n")) append(line);
        bytes += batch.bytes.length;
        if (bytes < bytesAtOnce) continue;
        bytes = 0;
        // Others have their turn.
        await setImmediate();
      }
    });
  }

  /**
   * Takes lines through the mapping of `adx/schema.kql`.
   * @param name of the table that holds them meanwhile; what may run at the same time needs another.
   * @param fill appends the lines.
   */
  async #ingest(
    connection: DuckDBConnection,
    name: string,
    fill: (append: (line: string, ingestionTime?: bigint) => void) => Promise<void>,
  ): Promise<void> {
    await connection.run(`CREATE TABLE memory.${name} (json VARCHAR, ingestion_time BIGINT)`);
    const appender = await connection.createAppender(name, "main", "memory");
    let rows = 0;
    await fill((line, ingestionTime) => {
      appender.appendVarchar(line);
      if (ingestionTime === undefined) appender.appendNull();
      else appender.appendBigInt(ingestionTime);
      appender.endRow();
      rows += 1;
    });
    appender.closeSync();
    const { line, list } = (this.#mapped ??= this.#readMapping());
    await connection.run(
      `INSERT INTO ${table} BY NAME SELECT ${list}, ingestion_time AS "$ingestion_time"
       FROM (SELECT ${line} AS line, ingestion_time FROM memory.${name})`,
    );
    // Dropped rather than emptied, which would keep its blocks.
    await connection.run(`DROP TABLE memory.${name}`);
    this.#uncompressedRows += rows;
  }

  #readMapping(): { line: string; list: string } {
    const types = Object.fromEntries(this.#columns.map(({ name, type }) => [name, type])) as Record<string, AdxType>;
    const mapping = readMapping(readFileSync(packageFile("adx/schema.kql"), "utf8"));
    return { line: lineStruct(mapping, types), list: storedColumns(mapping, types) };
  }

  /** Compresses what `store` has stored, once it is a row group; no query may run meanwhile. */
  async compress(): Promise<void> {
    // Whole row groups are compressed only when told to, and all of the last one each time.
    if (this.#uncompressedRows < rowsPerBatch) return;
    this.#uncompressedRows = 0;
    await this.#connection.run("CHECKPOINT hubble");
  }

  /** Removes the oldest rows, those without a time first, until no more than `most` are left. */
  async keepNewest(most: number): Promise<void> {
    await this.flush();
    await this.#connection.run(
      `DELETE FROM ${table} WHERE rowid IN
       (SELECT rowid FROM ${table} ORDER BY "TimeGenerated" DESC NULLS LAST, rowid DESC OFFSET ${Math.max(0, Math.trunc(most))})`,
    );
    this.#uncompressedRows = 0;
    // Gives back the memory of row groups that are empty now.
    await this.#connection.run("CHECKPOINT hubble");
  }

  /** Ends the query that is running with an error. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  /** How many rows there are. */
  async count(): Promise<number> {
    await this.flush();
    const reader = await this.#connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
    return Number(reader.getRows()[0]![0]);
  }

  /** The newest `TimeGenerated` in ticks; undefined without rows. */
  async newestTime(): Promise<bigint | undefined> {
    return (await this.times())?.newest;
  }

  /** The oldest and the newest `TimeGenerated` in ticks; undefined without rows. */
  async times(): Promise<{ oldest: bigint; newest: bigint } | undefined> {
    await this.flush();
    const list = `min("TimeGenerated"), max("TimeGenerated")`;
    const reader = await this.#connection.runAndReadAll(`SELECT ${list} FROM ${table}`);
    const [oldest, newest] = reader.getRows()[0] as (bigint | null)[];
    return oldest == null || newest == null ? undefined : { oldest, newest };
  }

  /**
   * Runs a query.
   * @returns a result for each tabular statement.
   * @throws KustoError for a mistake in the query, or for what in it the engine does not cover.
   */
  async query(text: string, options: QueryOptions = {}): Promise<KustoResult[]> {
    this.check(text);
    const now = options.now ?? (await this.newestTime()) ?? ticksOf(new Date());
    await this.flush();
    const results: KustoResult[] = [];
    for (const rows of this.translate(text, now)) results.push(await this.#run(rows, text));
    return results;
  }

  /**
   * Finds what the service would refuse.
   * @throws KustoError naming the first mistake, with the name that was probably meant.
   */
  check(text: string): void {
    const known = this.#known(text);
    if (known.isSound) return;
    const problem = firstMistake(text, this.database);
    known.isSound = !problem;
    if (!problem) return;
    throw new KustoError(problem.message + this.#suggestion(text, problem.message), text, problem.start);
  }

  /** The SELECT statements that a query becomes, for its time in ticks. */
  translate(text: string, now: bigint): Rows[] {
    const known = this.#known(text);
    known.rows ??= new Translator(this.database, this.#tables, nowMark).statements(text);
    return known.rows.map((rows) => ({ ...rows, sql: rows.sql.replaceAll(nowMark, `CAST(${now} AS BIGINT)`) }));
  }

  close(): void {
    this.#writer.closeSync();
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  readonly #tables: TableSource = {
    find: (name) =>
      name === table
        ? {
            sql: table,
            columns: this.#columns.map((column) => ({ name: column.name, type: column.type })),
            ingestionTime: `"$ingestion_time"`,
          }
        : undefined,
  };

  async #run({ sql, columns }: Rows, text: string): Promise<KustoResult> {
    try {
      const list = columns.map((column) => column.sql).join(", ");
      const reader = await this.#connection.runAndReadAll(columns.length > 0 ? `SELECT ${list} FROM (${sql})` : sql);
      return readResult(columns, reader.getRows());
    } catch (error) {
      // What only running shows: a regular expression that RE2 refuses, a number out of range.
      throw new KustoError(firstLine((error as Error).message), text, 0);
    }
  }

  #known(text: string): { isSound?: boolean; rows?: Rows[] } {
    const known = this.#queries.get(text) ?? {};
    this.#queries.delete(text);
    if (text.length <= longestQuery) this.#queries.set(text, known);
    const [oldest] = this.#queries.keys();
    if (this.#queries.size > mostQueries) this.#queries.delete(oldest!);
    return known;
  }

  #suggestion(text: string, message: string): string {
    const name = /'([^']+)'/.exec(message)?.[1];
    if (name === undefined || !/KS\d|does not refer/.test(message)) return "";
    const words = [...this.database.names, ...this.#columns.map((column) => column.name), ...declaredNames(text)];
    const suggestion = suggest(
      name,
      words.filter((word) => word !== name),
    );
    return suggestion ? ` Did you mean ${suggestion}?` : "";
  }
}

/** The names that a query itself gives: columns and `let`s. */
function declaredNames(text: string): string[] {
  return [...text.matchAll(/\b([A-Za-z_]\w*)\s*=(?![=~])/g)].map((match) => match[1]!);
}

function firstLine(message: string): string {
  return message.split("\n")[0]!;
}

/** A date in ticks. */
export function ticksOf(date: Date): bigint {
  return epochTicks + BigInt(date.getTime()) * 10_000n;
}

async function loadDuckDB(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    throw new UserError("KQL needs DuckDB, which is not installed: npm install @duckdb/node-api", { cause: error });
  }
}
