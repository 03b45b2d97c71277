import { readFileSync } from "node:fs";
import { packageFile } from "../package-file.js";
import { items, kindOf, kustoLanguage, walk, type GlobalState, type KustoCode, type SyntaxNode } from "./language.js";
import { readCreated, splitCommands, type Created, type Statement } from "./script.js";

/** A function as the parser sees it. */
export interface FunctionText {
  node: SyntaxNode;
  text: string;
}

/** The files of `adx/` that set a database up, in the order in which they are run. */
export const setupFiles = [
  "schema.kql",
  "views.kql",
  "names.kql",
  "functions.kql",
  "detections.kql",
  "alerts.kql",
] as const;

/** A query, which is checked and then translated, and the views that it uses: each is some 13 MB. */
const mostAnalyzed = 3;

/**
 * A database as Microsoft's parser knows it: tables, functions and materialized views, added by the commands that create
 * them.
 */
export class Database {
  readonly #symbols = new Map<string, object>();
  readonly #created = new Map<string, Created>();
  readonly #declarations = new Map<string, FunctionText>();
  #globals: GlobalState | undefined;
  /** What was analyzed last, the oldest first. */
  readonly #analyzed = new Map<string, KustoCode>();

  /** @param tables more tables: name → columns, as in `(TimeGenerated: datetime, LogMessage: string)`. */
  constructor(tables: Record<string, string> = {}) {
    for (const [name, columns] of Object.entries(tables)) this.#addTable(name, columns);
  }

  /** The database that `adx/setup.kql` makes: `HubbleFlows`, its functions and its materialized view. */
  static hubble(): Database {
    const database = new Database();
    for (const file of setupFiles) {
      database.create(splitCommands(readFileSync(packageFile(`adx/${file}`), "utf8")));
    }
    return database;
  }

  /** Adds what commands create, without checking them. */
  create(commands: Statement[]): this {
    for (const { text } of commands) this.#create(text);
    return this;
  }

  /** What a name stands for. */
  find(name: string): Created | undefined {
    return this.#created.get(name);
  }

  /** The names of all tables, functions and views. */
  get names(): string[] {
    return [...this.#created.keys()];
  }

  /** Parses a query or command and binds its names and types. */
  analyze(text: string): KustoCode {
    const code = this.#analyzed.get(text) ?? kustoLanguage().KustoCode.ParseAndAnalyze(text, this.globals);
    this.#analyzed.delete(text);
    this.#analyzed.set(text, code);
    const [oldest] = this.#analyzed.keys();
    if (this.#analyzed.size > mostAnalyzed) this.#analyzed.delete(oldest!);
    return code;
  }

  /** The declaration of a function of the database, and the text that its nodes are of. */
  declaration(name: string): FunctionText | undefined {
    const created = this.#created.get(name);
    if (created?.kind !== "function") return undefined;
    let declared = this.#declarations.get(name);
    if (!declared) {
      const text = `let ${name} = ${created.parameters} ${created.body};`;
      const { Syntax } = kustoLanguage().KustoCode.ParseAndAnalyze(text, this.globals);
      const node = [...walk(Syntax)].find((each) => kindOf(each) === "FunctionDeclaration")!;
      declared = { node, text };
      this.#declarations.set(name, declared);
    }
    return declared;
  }

  /** The columns that a query gives, by name, with their types; none where it gives no table. */
  columns(query: string): Record<string, string> {
    const type = this.analyze(query).ResultType;
    return Object.fromEntries(items(type?.Columns).map((column) => [column.Name, column.Type.Name]));
  }

  /** The parser's view of the database. */
  get globals(): GlobalState {
    if (!this.#globals) {
      const { ClusterSymbol, DatabaseSymbol } = kustoLanguage().Symbols;
      const database = new DatabaseSymbol.ctor("database", [...this.#symbols.values()]);
      const cluster = new ClusterSymbol.ctor("cluster", [database]);
      // The cache knows what calls of functions give: without it each query analyzes them anew, five times as long.
      this.#globals = kustoLanguage().GlobalState.Default.WithCluster(cluster).WithDatabase(database).WithCache();
    }
    return this.#globals;
  }

  #create(command: string): void {
    const created = readCreated(command);
    if (!created) return;
    const { FunctionSymbol, MaterializedViewSymbol } = kustoLanguage().Symbols;
    if (created.kind === "table") return this.#addTable(created.name, created.columns);
    if (created.kind === "view") {
      const columns = Object.entries(this.columns(created.body.slice(1, -1))).map(([name, type]) => `${name}: ${type}`);
      const symbol = new MaterializedViewSymbol.$ctor3(created.name, `(${columns.join(", ")})`, created.body, null);
      return this.#add(created, symbol);
    }
    this.#add(created, new FunctionSymbol.$ctor16(created.name, created.parameters, created.body, null));
  }

  #addTable(name: string, columns: string): void {
    this.#add({ kind: "table", name, columns }, new (kustoLanguage().Symbols.TableSymbol.$ctor7)(name, columns, null));
  }

  #add(created: Created, symbol: object): void {
    this.#created.set(created.name, created);
    this.#symbols.set(created.name, symbol);
    this.#globals = undefined;
    this.#analyzed.clear();
    this.#declarations.clear();
  }
}
