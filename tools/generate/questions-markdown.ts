import { markdownTable } from "./markdown-table.js";

/** The table of `docs/queries.md`: the queries of `adx/queries.kql` that are one line, each with its question. */
export function questionsTable(kql: string): string {
  const questions = [...kql.matchAll(/^\/\/ (.+)\n([^/\n].*)\n(?:\n|$)/gm)];
  return markdownTable([["Question", "KQL"], ...questions.map(([, question, query]) => [question!, `\`${query!}\``])]);
}
