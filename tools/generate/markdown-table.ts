/** A table whose columns line up, as prettier writes it. The first row is the head. */
export function markdownTable(rows: string[][]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = escaped[0]!.map((_, column) => Math.max(...escaped.map((row) => row[column]!.length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const [head, ...body] = escaped;
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

const end = "\n\n<!-- The table's end. -->";

/**
 * A page written by hand, with the table made anew that stands behind the comment that it is generated from `source`.
 * @param path of the page, for the error
 * @throws Error where the page has no such place
 */
export function withTable(page: string, path: string, source: string, table: string): string {
  const start = `<!-- Generated from ${source} by \`npm run generate\`. -->\n\n`;
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${path} lacks "${start.trim()}" or "${end.trim()}" behind it`);
  return page.slice(0, from + start.length) + table + page.slice(to);
}
