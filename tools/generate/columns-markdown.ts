import type { Column, Schema } from "../schema.js";
import { markdownTable } from "./markdown-table.js";

/** The text of `docs/columns.md`: the reference of the columns, in table order. */
export function columnsMarkdown({ columns }: Schema): string {
  return `<!-- Generated from schema/columns.yaml by \`npm run generate\`. Do not edit. -->

# The columns

A row has up to ${columns.length} columns, in this order. A field that the flow lacks, or that is \`null\`, gives no column: in Azure
Data Explorer it is null, or an empty string.

Paths begin at \`flow\`, the object that the exporter writes. \`{a,b}\` is one of them, \`[0]\` the first element of a list. A
value that does not fit its column, such as text where a number belongs, stands in \`AdditionalFields\` under its path.

${markdownTable([["Column", "Type", "Path in the flow", "What it holds"], ...columns.map(cells)])}
`;
}

function cells({ name, type, path, description }: Column): string[] {
  return [`\`${name}\``, type, path === undefined ? "" : `\`${path}\``, description ?? ""];
}
