import { suggest } from "../text/suggest.js";

/** The key of the record that a log line is: what a line that `hubble_flows_keep` keeps has instead of columns. */
export const lineKey = "log";

/**
 * Reads a list of column names, separated by commas, letter case aside.
 * @param known the columns there are.
 * @returns the names as the schema writes them, in the order of the list.
 * @throws Error naming the first that is no column, or that stands there twice, with the name that was probably meant.
 */
export function parseColumns(list: string, known: readonly string[]): string[] {
  const byLowerCase = new Map([...known, lineKey].map((name) => [name.toLowerCase(), name]));
  const columns: string[] = [];
  for (const word of list.split(",").map((part) => part.trim())) {
    if (word === "") throw new Error("a column's name is missing: separate names with one comma");
    const column = byLowerCase.get(word.toLowerCase());
    if (column === undefined) throw new Error(`there is no column "${word}".${hint(word, known)}`);
    if (columns.includes(column)) throw new Error(`the column "${column}" is named twice`);
    columns.push(column);
  }
  return columns;
}

function hint(word: string, known: readonly string[]): string {
  const suggestion = suggest(word, known);
  return suggestion ? ` Did you mean ${suggestion}?` : " The columns are listed in schema/columns.yaml.";
}
