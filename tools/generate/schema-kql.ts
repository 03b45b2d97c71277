import type { Column, Schema } from "../schema.js";
import { FOLDER, kqlHeading, kqlString, MAPPING, TABLE } from "../text/kql.js";

/**
 * The text of `adx/schema.kql`: the table, its columns' docstrings and the ingestion mapping. Every command can be run
 * again on a live table: `.create-merge` adds the columns that are new and removes none.
 */
export function schemaKql(schema: Schema): string {
  return [
    kqlHeading("schema/columns.yaml", [
      "The table and its ingestion mapping. Safe to run again on a table in use: columns are added, never removed,",
      "and the mapping is replaced whole.",
    ]),
    tableCommand(schema),
    docstringsCommand(schema),
    mappingCommand(schema),
  ]
    .join("\n\n")
    .concat("\n");
}

function tableCommand({ columns }: Schema): string {
  const list = columns.map(({ name, type }) => `    ${name}: ${type}`).join(",\n");
  const docstring = kqlString("Cilium Hubble flows, one row each, flattened by hubble-adx");
  return `.create-merge table ${TABLE} (\n${list}\n) with (docstring = ${docstring}, folder = ${kqlString(FOLDER)})`;
}

function docstringsCommand({ columns }: Schema): string {
  const list = columns.map((column) => `    ${column.name}: ${kqlString(docstring(column))}`).join(",\n");
  return `.alter-merge table ${TABLE} column-docstrings (\n${list}\n)`;
}

/** What a column holds: its description, and where the value stands in the flow. */
function docstring({ path, description }: Column): string {
  const origin = path === undefined ? undefined : `flow.${path}`;
  return [description, description && origin ? `(${origin})` : origin].filter(Boolean).join(" ");
}

function mappingCommand({ columns }: Schema): string {
  const list = columns
    .map(({ name }) => `  ${JSON.stringify({ column: name, Properties: { Path: `$.log.${name}` } })}`)
    .join(",\n");
  return `.create-or-alter table ${TABLE} ingestion json mapping "${MAPPING}"\n\`\`\`\n[\n${list}\n]\n\`\`\``;
}
