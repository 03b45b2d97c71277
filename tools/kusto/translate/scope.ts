import { KustoError } from "../error.js";
import type { SyntaxNode } from "../language.js";
import type { Column, Rows, Scalar } from "./value.js";

/** What a name in a query stands for, beside columns. */
export type Binding =
  | { kind: "scalar"; value: Scalar }
  | { kind: "rows"; rows: Rows }
  | { kind: "function"; declaration: SyntaxNode; scope: Scope };

/** The names that an expression sees: the columns of its rows, and what `let` and parameters have bound. */
export class Scope {
  /** @param text the KQL that nodes of this scope are of, and what it is called where it is not the query itself. */
  constructor(
    readonly text: string,
    readonly source?: string,
    readonly rows?: Rows,
    readonly variables: ReadonlyMap<string, Binding> = new Map(),
    readonly extra: {
      /** For `on $left.a == $right.b`. */
      sides?: { $left: Rows; $right: Rows };
      /** In summarize: the value of a call that is an aggregate. */
      aggregate?: (call: SyntaxNode) => Scalar | undefined;
    } = {},
  ) {}

  over(rows: Rows): Scope {
    return new Scope(this.text, this.source, rows, this.variables);
  }

  between($left: Rows, $right: Rows): Scope {
    return new Scope(this.text, this.source, $left, this.variables, { sides: { $left, $right } });
  }

  withAggregates(aggregate: (call: SyntaxNode) => Scalar | undefined): Scope {
    return new Scope(this.text, this.source, this.rows, this.variables, { aggregate });
  }

  bind(name: string, binding: Binding): Scope {
    return new Scope(this.text, this.source, this.rows, new Map(this.variables).set(name, binding));
  }

  /** The names alone, without rows: what the body of a function sees. */
  withoutRows(): Scope {
    return new Scope(this.text, this.source, undefined, this.variables);
  }

  column(name: string): Column | undefined {
    return this.rows?.columns.find((column) => column.name === name);
  }

  /** An error at a node, with its line and column. */
  error(message: string, node: SyntaxNode): KustoError {
    const where = this.source === undefined ? message : `${message} (in ${this.source})`;
    return new KustoError(where, this.text, node.TextStart);
  }

  /** For what KQL has and this engine has not: never a wrong answer in its place. */
  uncovered(what: string, node: SyntaxNode): KustoError {
    return this.error(`${what} is not covered by the embedded engine`, node);
  }
}
