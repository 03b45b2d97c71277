import { createRequire } from "node:module";

// Microsoft's parser is compiled from C# by Bridge.NET: it registers itself on globalThis and overloads constructors by
// number. These are the parts used here, named after its own typings.

/** A list of the parser's. */
export interface ReadOnlyList<T> {
  Count: number;
  getItem(index: number): T;
}

export interface Diagnostic {
  Code: string;
  Severity: string;
  Message: string;
  Start: number;
  Length: number;
}

export interface CompletionInfo {
  Items: ReadOnlyList<{ DisplayText: string; BeforeText?: string; AfterText?: string; Kind: number | string }>;
  /** Where the text begins that an item replaces. */
  EditStart: number;
}

export interface TypeSymbol {
  Name: string;
  Columns?: ReadOnlyList<ColumnSymbol>;
}

export interface ColumnSymbol {
  Name: string;
  Type: TypeSymbol;
}

/** A node or token of the syntax tree. Which of the optional members there are depends on its kind. */
export interface SyntaxNode {
  Kind: number;
  ChildCount: number;
  TextStart: number;
  GetChild(index: number): SyntaxNode | null;
  Text?: string;
  LiteralValue?: unknown;
  ResultType?: TypeSymbol | null;
  ReferencedSymbol?: { Name: string; Kind: number } | null;
  SimpleName?: string;
  Aggregates?: SyntaxNode;
  ArgumentList?: SyntaxNode;
  Body?: SyntaxNode;
  ByClause?: SyntaxNode | null;
  ByExpression?: SyntaxNode;
  Columns?: SyntaxNode;
  Condition?: SyntaxNode;
  ConditionClause?: SyntaxNode | null;
  DefaultValue?: SyntaxNode | null;
  Element?: SyntaxNode;
  Element$1?: SyntaxNode;
  Expression?: SyntaxNode;
  Expressions?: SyntaxNode;
  First?: SyntaxNode;
  From?: SyntaxNode;
  Left?: SyntaxNode;
  LookupClause?: SyntaxNode | null;
  Name?: SyntaxNode;
  NameAndType?: SyntaxNode;
  Names?: SyntaxNode;
  Operator?: SyntaxNode;
  Ordering?: SyntaxNode | null;
  NullsClause?: SyntaxNode | null;
  AscOrDescKeyword?: SyntaxNode | null;
  FirstOrLastKeyword?: SyntaxNode | null;
  NullsKeyword?: SyntaxNode | null;
  Parameters?: SyntaxNode;
  Right?: SyntaxNode;
  RowLimitClause?: SyntaxNode | null;
  Schema?: SyntaxNode;
  Second?: SyntaxNode;
  Selector?: SyntaxNode;
  Statements?: SyntaxNode;
  Step?: SyntaxNode;
  To?: SyntaxNode;
  ToTypeOf?: SyntaxNode | null;
  Type?: SyntaxNode;
  TypeOf?: SyntaxNode;
  Types?: SyntaxNode;
  Values?: SyntaxNode;
}

export interface KustoCode {
  Syntax: SyntaxNode;
  ResultType: TypeSymbol | null;
  GetDiagnostics(): ReadOnlyList<Diagnostic>;
}

export interface GlobalState {
  WithCluster(cluster: object): GlobalState;
  WithDatabase(database: object): GlobalState;
  WithCache(): GlobalState;
}

export interface KustoLanguage {
  GlobalState: { Default: GlobalState };
  KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): KustoCode };
  Editor: {
    /** The kinds of completion items: name → number. */
    CompletionKind: Record<string, unknown>;
    KustoCodeService: {
      ctor: new (code: KustoCode) => {
        GetAnalyzerDiagnostics(wait: boolean): ReadOnlyList<Diagnostic>;
        GetCompletionItems(position: number): CompletionInfo;
      };
    };
  };
  Symbols: {
    ClusterSymbol: { ctor: new (name: string, databases: object[]) => object };
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object };
    FunctionSymbol: { $ctor16: new (name: string, parameters: string, body: string, about: null) => object };
    MaterializedViewSymbol: { $ctor3: new (name: string, schema: string, query: string, about: null) => object };
    TableSymbol: { $ctor7: new (name: string, schema: string, about: null) => object };
    SymbolKind: Record<string, number>;
  };
  Syntax: { SyntaxKind: Record<string, number> };
}

let loaded: KustoLanguage | undefined;

/** Microsoft's KQL parser (`@kusto/language-service-next`), loaded at the first call, which takes half a second. */
export function kustoLanguage(): KustoLanguage {
  if (!loaded) {
    const require = createRequire(import.meta.url);
    require("@kusto/language-service-next/bridge.min.js");
    require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
    loaded = (globalThis as unknown as { Kusto: { Language: KustoLanguage } }).Kusto.Language;
  }
  return loaded;
}

let kindNames: Map<number, string> | undefined;

/** The name of a node's kind, such as `FilterOperator`. */
export function kindOf(node: SyntaxNode): string {
  kindNames ??= new Map(Object.entries(kustoLanguage().Syntax.SyntaxKind).map(([name, kind]) => [kind, name]));
  return kindNames.get(node.Kind) ?? `kind ${node.Kind}`;
}

/** The items of a list of the parser's. */
export function items<T>(list: ReadOnlyList<T> | null | undefined): T[] {
  return list ? Array.from({ length: list.Count }, (_, index) => list.getItem(index)) : [];
}

/** The nodes of a list in the tree, which may hold them directly or beside a separator. */
export function elements(list: SyntaxNode | null | undefined): SyntaxNode[] {
  if (!list) return [];
  return Array.from({ length: list.ChildCount }, (_, index) => {
    const item = list.GetChild(index)!;
    return item.Element$1 ?? item.Element ?? item;
  });
}

/** The node and everything below it, in the order of the text. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (child) yield* walk(child);
  }
}

/** The text of a node, its tokens joined by one space: for messages and for literals that are read by hand. */
export function textOf(node: SyntaxNode): string {
  if (node.ChildCount === 0) return node.Text ?? "";
  const parts: string[] = [];
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    const text = child ? textOf(child) : "";
    if (text !== "") parts.push(text);
  }
  return parts.join(" ");
}
