import { createRequire } from "node:module";

// Microsoft's parser is compiled from C# by Bridge.NET: it registers itself on globalThis and overloads constructors by
// number. These are the parts used here, named after its own typings.
interface ReadOnlyList<T> {
  Count: number;
  getItem(index: number): T;
}
interface Diagnostic {
  Code: string;
  Message: string;
  Start: number;
}
interface TypeSymbol {
  Name: string;
  Columns?: ReadOnlyList<ColumnSymbol>;
}
interface ColumnSymbol {
  Name: string;
  Type: TypeSymbol;
}
interface SyntaxElement {
  Kind: number;
  ChildCount: number;
  TextStart: number;
  Text?: string;
  Left?: SyntaxElement;
  Right?: SyntaxElement;
  Expressions?: SyntaxElement;
  Element?: SyntaxElement;
  ResultType?: TypeSymbol | null;
  Name?: { SimpleName?: string };
  ArgumentList?: { Expressions: SyntaxElement };
  GetChild(index: number): SyntaxElement | null;
}
interface KustoCode {
  Syntax: SyntaxElement;
  ResultType: TypeSymbol | null;
  GetDiagnostics(): ReadOnlyList<Diagnostic>;
}
type GlobalState = { WithCluster(cluster: object): GlobalState; WithDatabase(database: object): GlobalState };
interface KustoLanguage {
  GlobalState: { Default: GlobalState };
  KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): KustoCode };
  Editor: {
    KustoCodeService: {
      ctor: new (code: KustoCode) => { GetAnalyzerDiagnostics(wait: boolean): ReadOnlyList<Diagnostic> };
    };
  };
  Symbols: {
    ClusterSymbol: { ctor: new (name: string, databases: object[]) => object };
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object };
    FunctionSymbol: { $ctor16: new (name: string, parameters: string, body: string, about: null) => object };
    MaterializedViewSymbol: { $ctor3: new (name: string, schema: string, query: string, about: null) => object };
    TableSymbol: { $ctor7: new (name: string, schema: string, about: null) => object };
  };
  Syntax: { SyntaxKind: Record<string, number> };
}

const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const kusto = (globalThis as unknown as { Kusto: { Language: KustoLanguage } }).Kusto.Language;

/** What is wrong with a piece of KQL, with the line (from 1) in the text that was given. */
export interface Problem {
  code: string;
  message: string;
  line: number;
}

/** A command or query of a file, with the line (from 1) on which it starts. */
export interface Statement {
  text: string;
  line: number;
}

/** The commands of a file: each starts with a dot in the first column, outside of fenced JSON. */
export function splitCommands(file: string): Statement[] {
  const commands: Statement[] = [];
  let fenced = false;
  let current: string[] | undefined;
  for (const [index, line] of file.split("\n").entries()) {
    if (!fenced && line.startsWith(".")) {
      current = [];
      commands.push({ text: "", line: index + 1 });
    }
    if (line.startsWith("```")) fenced = !fenced;
    if (!fenced && line.startsWith("//")) continue;
    current?.push(line);
    if (current) commands.at(-1)!.text = current.join("\n").trimEnd();
  }
  return commands;
}

/** The queries of a file: separated by blank lines, comments left out. */
export function splitQueries(file: string): Statement[] {
  const queries: Statement[] = [];
  let line = 1;
  for (const block of file.split(/\n(?=\s*\n)/)) {
    const text = block.trim();
    const lead = block.length - block.trimStart().length;
    const start = line + block.slice(0, lead).split("\n").length - 1;
    if (text.split("\n").some((part) => part !== "" && !part.startsWith("//"))) queries.push({ text, line: start });
    line += block.split("\n").length;
  }
  return queries;
}

/** A database as the parser knows it: commands are checked against it, and add what they create. */
export class Database {
  readonly #members = new Map<string, object>();
  #current: GlobalState | undefined;

  constructor(tables: Record<string, string> = {}) {
    for (const [name, columns] of Object.entries(tables)) this.#add(name, this.#table(name, columns));
  }

  /** Checks commands in their order; what a command creates is known to those that follow. */
  run(commands: Statement[]): Problem[] {
    return commands.flatMap((command) => {
      this.#create(command.text);
      return this.check(command.text).map((problem) => ({ ...problem, line: problem.line + command.line - 1 }));
    });
  }

  /** Adds what commands create, without checking them. */
  create(commands: Statement[]): this {
    for (const { text } of commands) this.#create(text);
    return this;
  }

  /** Checks one command or query: syntax, names, types, what is deprecated or known as a mistake. */
  check(text: string): Problem[] {
    const code = kusto.KustoCode.ParseAndAnalyze(text, this.#globals());
    const service = new kusto.Editor.KustoCodeService.ctor(code);
    const found = [...items(code.GetDiagnostics()), ...items(service.GetAnalyzerDiagnostics(true))].map((item) => ({
      code: item.Code,
      message: item.Message,
      start: item.Start,
    }));
    return [...found, ...comparisons(code.Syntax), ...mixedArguments(code.Syntax), ...deprecatedOperators(code.Syntax)]
      .filter(({ code }) => !ACCEPTED.has(code))
      .map(({ code, message, start }) => ({ code, message, line: text.slice(0, start).split("\n").length }));
  }

  /** The columns that a query gives, by name, with their types. */
  columns(query: string): Record<string, string> {
    const type = kusto.KustoCode.ParseAndAnalyze(query, this.#globals()).ResultType;
    const columns = type?.Columns ? items(type.Columns) : [];
    return Object.fromEntries(columns.map((column) => [column.Name, column.Type.Name]));
  }

  #create(command: string) {
    const table = /^\.create-merge table (\w+) (\([^)]*\))/.exec(command);
    if (table) this.#add(table[1]!, this.#table(table[1]!, table[2]!));
    const body = command.slice(command.indexOf("\n{"));
    const view = /^\.create-or-alter materialized-view .*\n(\w+) on table \w+\n\{/.exec(command);
    if (view) {
      const columns = Object.entries(this.columns(body.trim().slice(1, -1)));
      const schema = `(${columns.map(([name, type]) => `${name}: ${type}`).join(", ")})`;
      this.#add(view[1]!, new kusto.Symbols.MaterializedViewSymbol.$ctor3(view[1]!, schema, body.trim(), null));
    }
    const made = /^\.create-or-alter function .*\n(\w+)(\(.*\))\n\{/.exec(command);
    if (made) this.#add(made[1]!, new kusto.Symbols.FunctionSymbol.$ctor16(made[1]!, made[2]!, body.trim(), null));
  }

  #table(name: string, columns: string): object {
    return new kusto.Symbols.TableSymbol.$ctor7(name, columns, null);
  }

  #add(name: string, symbol: object) {
    this.#members.set(name, symbol);
    this.#current = undefined;
  }

  #globals(): GlobalState {
    if (!this.#current) {
      const database = new kusto.Symbols.DatabaseSymbol.ctor("database", [...this.#members.values()]);
      const cluster = new kusto.Symbols.ClusterSymbol.ctor("cluster", [database]);
      this.#current = kusto.GlobalState.Default.WithCluster(cluster).WithDatabase(database);
    }
    return this.#current;
  }
}

// KS500: `contains` reads every value, and is what a part of a pod's name asks for.
const ACCEPTED = new Set(["KS500"]);

type Found = { code: string; message: string; start: number };

/** The parser lets `int == "text"` pass, which the service refuses or which is never true. */
function comparisons(root: SyntaxElement): Found[] {
  const kinds = new Set(
    ["EqualExpression", "NotEqualExpression", "InExpression", "NotInExpression"].map(
      (name) => kusto.Syntax.SyntaxKind[name]!,
    ),
  );
  const found: Found[] = [];
  for (const node of walk(root)) {
    if (!kinds.has(node.Kind) || !node.Left || !node.Right) continue;
    const left = family(node.Left.ResultType);
    for (const right of operands(node.Right)) {
      if (left && family(right.ResultType) && left !== family(right.ResultType)) {
        const types = `${node.Left.ResultType!.Name} and ${right.ResultType!.Name}`;
        found.push({ code: "comparison", message: `comparison of ${types}`, start: node.TextStart });
      }
    }
  }
  return found;
}

function operands(right: SyntaxElement): SyntaxElement[] {
  return right.Expressions ? elements(right.Expressions) : [right];
}

function elements(list: SyntaxElement): SyntaxElement[] {
  return Array.from({ length: list.ChildCount }, (_, index) => list.GetChild(index)!.Element!);
}

/** The service wants arguments of one type where these functions return one of their arguments; the parser does not. */
function mixedArguments(root: SyntaxElement): Found[] {
  const values: Record<string, (args: SyntaxElement[]) => SyntaxElement[]> = {
    coalesce: (args) => args,
    max_of: (args) => args,
    min_of: (args) => args,
    iff: (args) => args.slice(1),
    case: (args) => args.filter((_, index) => index % 2 === 1 || index === args.length - 1),
  };
  return [...walk(root)].flatMap(({ Name, ArgumentList, TextStart }) => {
    const name = Name?.SimpleName ?? "";
    const pick = ArgumentList ? values[name] : undefined;
    if (!pick) return [];
    const types = new Set(pick(elements(ArgumentList!.Expressions)).map((arg) => arg.ResultType?.Name));
    if (types.size < 2 || types.has("unknown") || types.has(undefined)) return [];
    return [{ code: "arguments", message: `${name} of ${[...types].join(" and ")}`, start: TextStart }];
  });
}

/** Types that can be compared share a family; dynamic and unknown types have none. */
function family(type: TypeSymbol | null | undefined): string | undefined {
  if (!type) return undefined;
  if (["int", "long", "real", "decimal"].includes(type.Name)) return "number";
  return ["string", "bool", "datetime", "timespan", "guid"].includes(type.Name) ? type.Name : undefined;
}

/** Spellings that the service still takes and the parser doesn't report. */
function deprecatedOperators(root: SyntaxElement): Found[] {
  const replacements: Record<string, string> = { mvexpand: "mv-expand", mvapply: "mv-apply" };
  return [...walk(root)].flatMap(({ Text, ChildCount, TextStart }) => {
    const replacement = ChildCount === 0 && Text !== undefined ? replacements[Text] : undefined;
    if (!replacement) return [];
    return [{ code: "deprecated", message: `"${Text}" is deprecated; use "${replacement}"`, start: TextStart }];
  });
}

function* walk(node: SyntaxElement): Generator<SyntaxElement> {
  yield node;
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (child) yield* walk(child);
  }
}

function items<T>(list: ReadOnlyList<T>): T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}
