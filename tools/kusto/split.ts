import type { Database } from "./database.js";
import { items } from "./language.js";
import { splitQueries } from "./script.js";

/**
 * The queries of a text. As it stands it is one query, of statements separated by semicolons; a text that cannot be read
 * so, and has empty lines, is one query between each two of them, as in Azure Data Explorer's editor.
 * @param file the file that the text is of; a query on the command line is never split.
 */
export function splitText(text: string, database: Database, file?: string): string[] {
  if (file === undefined || !hasSyntaxErrors(text, database)) return [text];
  const queries = splitQueries(text);
  // Line numbers in errors are those of the file.
  return queries.map((query) => "\n".repeat(query.line - 1) + query.text);
}

function hasSyntaxErrors(text: string, database: Database): boolean {
  // KS001 to KS099 are the parser's own, the names and types come behind.
  return items(database.analyze(text).GetDiagnostics()).some(({ Code }) => /^KS0\d\d$/.test(Code));
}
