import type { Database } from "../database.js";
import { elements, items, kindOf, textOf, type SyntaxNode } from "../language.js";
import { translateScalar } from "./expressions.js";
import { convert } from "./convert.js";
import { translateRows } from "./rows.js";
import { Scope, type Binding } from "./scope.js";
import { SelectLists } from "./select-lists.js";
import { identifier, isKustoType, type Column, type KustoType, type Rows, type Scalar } from "./value.js";

/** Where the tables of the database lie in DuckDB. */
export interface TableSource {
  /** The SQL name of a table of the database; undefined where nothing is stored for it. */
  find(name: string): { sql: string; columns: { name: string; type: KustoType }[]; ingestionTime: string } | undefined;
}

type Declared = { declaration: SyntaxNode; scope: Scope };
export type CallResult = { kind: "scalar"; value: Scalar } | { kind: "rows"; rows: Rows };

const deepestCall = 32;

/** Translates queries on a database into SELECT statements of DuckDB. */
export class Translator {
  readonly lists = new SelectLists();
  #names = 0;
  #depth = 0;
  readonly #views = new Map<string, Rows>();
  /** The common table expressions that the statements stand on. */
  readonly #with: string[] = [];
  /** The rows of functions that have been called, by their arguments: functions call each other with the same ones. */
  readonly #results = new Map<SyntaxNode, Map<string, CallResult>>();

  /** @param now the query's time in ticks, as SQL: fixed for the whole of a query, as in the service. */
  constructor(
    readonly database: Database,
    readonly tables: TableSource,
    readonly now: string,
  ) {}

  /**
   * The tabular statements of a query, in their order; `let` statements apply to those that follow.
   * @throws KustoError for what the engine does not cover.
   */
  statements(text: string): Rows[] {
    const block = this.database.analyze(text).Syntax;
    let scope = new Scope(text);
    const results: Rows[] = [];
    for (const statement of elements(block.Statements)) {
      switch (kindOf(statement)) {
        case "LetStatement":
          scope = this.#let(statement, scope);
          break;
        case "ExpressionStatement":
          results.push(this.#whole(this.rows(statement.Expression!, scope)));
          break;
        default:
          throw scope.uncovered(`this statement (${kindOf(statement)})`, statement);
      }
    }
    return results;
  }

  #whole(rows: Rows): Rows {
    const sql = this.#with.length === 0 ? rows.sql : `WITH ${this.#with.join(", ")} SELECT * FROM (${rows.sql})`;
    const output = rows.columns.map((column) => column.sql);
    return { ...rows, sql: this.lists.resolve(sql, output) };
  }

  /** The rows of a materialized view, made anew from its query. */
  view(name: string, body: string): Rows {
    const known = this.#views.get(name);
    if (known) return known;
    const text = body.slice(1, -1);
    const [rows] = new Translator(this.database, this.tables, this.now).statements(text);
    if (!rows) throw new Error(`the view ${name} is no query`);
    // Its identifiers are of another count; those that leave it are of this one.
    const columns = rows.columns.map((column) => this.column(column.name, column.type));
    const list = rows.columns.map(({ sql }, index) => ({ value: sql, as: columns[index]!.sql }));
    const made = { sql: `${this.lists.add(list)} FROM (${rows.sql})`, columns };
    this.#views.set(name, made);
    return made;
  }

  scalar(node: SyntaxNode, scope: Scope): Scalar {
    return translateScalar(node, scope, this);
  }

  rows(node: SyntaxNode, scope: Scope): Rows {
    return translateRows(node, scope, this);
  }

  isTabular(node: SyntaxNode, scope: Scope): boolean {
    const binding = node.SimpleName === undefined ? undefined : scope.variables.get(node.SimpleName);
    if (binding) return binding.kind === "rows";
    return node.ResultType?.Columns !== undefined && node.ResultType.Name !== "tuple";
  }

  /** A new identifier for a column of the given name. */
  column(name: string, type: KustoType): Column {
    return { name, type, sql: identifier(`${name}#${++this.#names}`) };
  }

  /** The function of a name: one that `let` has bound, or one of the database. */
  findFunction(name: string, scope: Scope): Declared | undefined {
    const binding = scope.variables.get(name);
    if (binding) return binding.kind === "function" ? binding : undefined;
    const declared = this.database.declaration(name);
    return declared && { declaration: declared.node, scope: new Scope(declared.text, `${name}()`) };
  }

  /** The result of a call: the function's body with its parameters bound to the arguments. */
  callFunction({ declaration, scope }: Declared, name: string, call: SyntaxNode, caller: Scope): CallResult {
    if (this.#depth >= deepestCall) throw caller.error(`${name}() calls itself`, call);
    const args = elements(call.ArgumentList?.Expressions);
    let inner = scope.withoutRows();
    const values: string[] = [];
    elements(declaration.Parameters!.Parameters).forEach((parameter, index) => {
      const parameterName = parameter.NameAndType!.Name!.SimpleName!;
      const given = givenArgument(args, parameterName, index);
      const argument = this.#argument(parameter, parameterName, given, inner, caller, call);
      inner = inner.bind(parameterName, argument);
      if (argument.kind === "scalar") values.push(`${argument.value.type} ${argument.value.sql}`);
    });
    // A function of the database sees no names but its parameters.
    const results = this.#results.get(declaration) ?? new Map<string, CallResult>();
    const isKnowable = scope.variables.size === 0 && values.length === inner.variables.size;
    const known = isKnowable ? results.get(values.join("\n")) : undefined;
    if (known) return known;
    this.#depth += 1;
    try {
      let result = this.#body(declaration.Body!, inner);
      if (isKnowable && result.kind === "rows") {
        result = { kind: "rows", rows: this.#shared(name, result.rows) };
        this.#results.set(declaration, results.set(values.join("\n"), result));
      }
      return result;
    } finally {
      this.#depth -= 1;
    }
  }

  /** The same rows under a name, by which DuckDB makes them once. */
  #shared(name: string, rows: Rows): Rows {
    const shared = identifier(`${name}#${++this.#names}`);
    this.#with.push(`${shared} AS (${rows.sql})`);
    return { ...rows, sql: `SELECT * FROM ${shared}` };
  }

  #body(body: SyntaxNode, scope: Scope): CallResult {
    for (const statement of elements(body.Statements)) scope = this.#let(statement, scope);
    const expression = body.Expression!;
    if (this.isTabular(expression, scope)) return { kind: "rows", rows: this.rows(expression, scope) };
    return { kind: "scalar", value: this.scalar(expression, scope) };
  }

  #argument(
    parameter: SyntaxNode,
    name: string,
    given: SyntaxNode | undefined,
    inner: Scope,
    caller: Scope,
    call: SyntaxNode,
  ): Binding {
    const type = parameter.NameAndType!.Type!;
    const typeName = textOf(type);
    if (given && this.isTabular(given, caller)) return { kind: "rows", rows: this.rows(given, caller.withoutRows()) };
    if (!isKustoType(typeName)) throw caller.uncovered(`a parameter of type ${typeName || kindOf(type)}`, call);
    const expression = given
      ? given.Name && kindOf(given) === "SimpleNamedExpression"
        ? given.Expression!
        : given
      : parameter.DefaultValue?.Expression;
    if (!expression) {
      const value = parameter.DefaultValue?.GetChild(1);
      if (!value) throw caller.error(`the argument ${name} is missing`, call);
      return { kind: "scalar", value: converted(this.scalar(value, inner), typeName) };
    }
    return { kind: "scalar", value: converted(this.scalar(expression, given ? caller : inner), typeName) };
  }

  #let(statement: SyntaxNode, scope: Scope): Scope {
    const name = statement.Name!.SimpleName!;
    const value = statement.Expression!;
    if (kindOf(value) === "FunctionDeclaration")
      return scope.bind(name, { kind: "function", declaration: value, scope });
    if (this.isTabular(value, scope))
      return scope.bind(name, { kind: "rows", rows: this.#shared(name, this.rows(value, scope.withoutRows())) });
    return scope.bind(name, { kind: "scalar", value: this.scalar(value, scope) });
  }
}

/** The argument of a parameter: by its name, else by its place among those without a name. */
function givenArgument(args: SyntaxNode[], name: string, index: number): SyntaxNode | undefined {
  const isNamed = (arg: SyntaxNode) => kindOf(arg) === "SimpleNamedExpression";
  const named = args.find((arg) => isNamed(arg) && arg.Name!.SimpleName === name);
  const placed = args[index];
  return named ?? (placed && !isNamed(placed) ? placed : undefined);
}

/** A literal keeps what is known of it; numbers and dynamics become the parameter's type. */
function converted(value: Scalar, type: KustoType): Scalar {
  return value.type === type ? value : (convert(value, type) ?? value);
}

/** The names and types that the parser gives a tabular node's columns. */
export function resultColumns(node: SyntaxNode): { name: string; type: string }[] {
  return items(node.ResultType?.Columns).map((column) => ({ name: column.Name, type: column.Type.Name }));
}
