import { type Database } from "./database.js";
import {
  elements,
  items,
  kindOf,
  kustoLanguage,
  walk,
  type KustoCode,
  type SyntaxNode,
  type TypeSymbol,
} from "./language.js";
import { positionOf } from "./error.js";

/** What is wrong with a piece of KQL. */
export interface Problem {
  /** Microsoft's code, or a word of ours for what their parser lets pass. */
  code: string;
  message: string;
  /** Where it begins in the text. */
  start: number;
  /** The line, from 1. */
  line: number;
  /** Whether the service would refuse the query; the rest it only advises against. */
  isError: boolean;
}

// KS500: `contains` reads every value, and is what a part of a pod's name asks for.
const accepted = new Set(["KS500"]);

/** Checks one command or query: syntax, names, types, what is deprecated or known as a mistake. */
export function checkKql(text: string, database: Database): Problem[] {
  const code = database.analyze(text);
  const service = new (kustoLanguage().Editor.KustoCodeService.ctor)(code);
  const advice = [
    ...items(service.GetAnalyzerDiagnostics(true)).map((item) => ({ ...found(item), isError: false })),
    ...deprecatedOperators(code.Syntax),
  ];
  return [...mistakes(code), ...advice]
    .filter(({ code }) => !accepted.has(code))
    .map((problem) => ({ ...problem, line: positionOf(text, problem.start).line }));
}

/** The first mistake for which the service would refuse a query, without all that `checkKql` advises against. */
export function firstMistake(text: string, database: Database): Pick<Problem, "message" | "start"> | undefined {
  return mistakes(database.analyze(text)).find(({ isError }) => isError);
}

function mistakes(code: KustoCode): Found[] {
  return [
    ...items(code.GetDiagnostics()).map((item) => ({ ...found(item), isError: item.Severity === "Error" })),
    ...comparisons(code.Syntax),
    ...mixedArguments(code.Syntax),
  ];
}

type Found = Omit<Problem, "line">;

function found(item: { Code: string; Message: string; Start: number }): Omit<Found, "isError"> {
  return { code: item.Code, message: item.Message, start: item.Start };
}

/** The parser lets `int == "text"` pass, which the service refuses or which is never true. */
function comparisons(root: SyntaxNode): Found[] {
  const kinds = new Set(["EqualExpression", "NotEqualExpression", "InExpression", "NotInExpression"]);
  const problems: Found[] = [];
  for (const node of walk(root)) {
    if (!node.Left || !node.Right || !kinds.has(kindOf(node))) continue;
    const left = family(node.Left.ResultType);
    for (const right of operands(node.Right)) {
      if (left && family(right.ResultType) && left !== family(right.ResultType)) {
        const types = `${node.Left.ResultType!.Name} and ${right.ResultType!.Name}`;
        problems.push(refused("comparison", `comparison of ${types}`, node));
      }
    }
  }
  return problems;
}

function refused(code: string, message: string, { TextStart }: SyntaxNode): Found {
  return { code, message, start: TextStart, isError: true };
}

function operands(right: SyntaxNode): SyntaxNode[] {
  return right.Expressions ? elements(right.Expressions) : [right];
}

/** The service wants arguments of one type where these functions return one of their arguments; the parser does not. */
function mixedArguments(root: SyntaxNode): Found[] {
  const values: Record<string, (args: SyntaxNode[]) => SyntaxNode[]> = {
    coalesce: (args) => args,
    max_of: (args) => args,
    min_of: (args) => args,
    iff: (args) => args.slice(1),
    case: (args) => args.filter((_, index) => index % 2 === 1 || index === args.length - 1),
  };
  return [...walk(root)].flatMap((node) => {
    const name = node.Name?.SimpleName ?? "";
    const pick = node.ArgumentList ? values[name] : undefined;
    if (!pick) return [];
    const types = new Set(pick(elements(node.ArgumentList!.Expressions)).map((arg) => arg.ResultType?.Name));
    if (types.size < 2 || types.has("unknown") || types.has("error") || types.has(undefined)) return [];
    // Numbers of two kinds are advised against; the service refuses the rest.
    const isError = ![...types].every((type) => numbers.has(type!));
    return [{ ...refused("arguments", `${name} of ${[...types].join(" and ")}`, node), isError }];
  });
}

const numbers = new Set(["int", "long", "real", "decimal"]);

/** Types that can be compared share a family; dynamic and unknown types have none. */
function family(type: TypeSymbol | null | undefined): string | undefined {
  if (!type) return undefined;
  if (numbers.has(type.Name)) return "number";
  return ["string", "bool", "datetime", "timespan", "guid"].includes(type.Name) ? type.Name : undefined;
}

/** Spellings that the service still takes and the parser doesn't report. */
function deprecatedOperators(root: SyntaxNode): Found[] {
  const replacements: Record<string, string> = { mvexpand: "mv-expand", mvapply: "mv-apply" };
  return [...walk(root)].flatMap(({ Text, ChildCount, TextStart }) => {
    const replacement = ChildCount === 0 && Text !== undefined ? replacements[Text] : undefined;
    if (!replacement) return [];
    const message = `"${Text}" is deprecated; use "${replacement}"`;
    return [{ code: "deprecated", message, start: TextStart, isError: false }];
  });
}
