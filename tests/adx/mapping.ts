import type { MappingEntry } from "../../tools/kusto/ingestion.js";
import type { Schema } from "../../tools/schema.js";

/** What is wrong with a mapping: against the table's columns, and against the keys that the filter emits. */
export function mappingProblems(mapping: MappingEntry[], schema: Schema): string[] {
  const columns = new Set(schema.columns.map(({ name }) => name));
  const problems: string[] = [];
  const seen = { columns: new Set<string>(), paths: new Set<string>() };
  for (const entry of mapping) {
    const path = entry.Properties.Path;
    if (!columns.has(entry.column)) problems.push(`${entry.column} is not a column of the table`);
    if (seen.columns.has(entry.column)) problems.push(`${entry.column} is mapped twice`);
    if (seen.paths.has(path)) problems.push(`${path} is mapped twice`);
    seen.columns.add(entry.column);
    seen.paths.add(path);
    const key = /^\$\.log\.([A-Za-z_]\w*)$/.exec(path)?.[1];
    if (key === undefined) problems.push(`${path} is not of the form $.log.<key>`);
    else if (!columns.has(key)) problems.push(`${path}: the filter emits no such key`);
    else if (key !== entry.column) problems.push(`${path} goes to ${entry.column}`);
    const unknown = Object.keys(entry).concat(Object.keys(entry.Properties));
    for (const name of unknown.filter((name) => !["column", "Properties", "Path"].includes(name))) {
      problems.push(`${entry.column}: unknown property ${name}`);
    }
  }
  for (const column of columns) if (!seen.columns.has(column)) problems.push(`${column} is not mapped`);
  return problems;
}

// What each rule writes, whatever the flow holds.
const WRITTEN_BY_RULE = {
  timestamp: "datetime",
  clusterOfNodeName: "string",
  nodeOfNodeName: "string",
  presentKey: "string",
  trueKeys: "string",
} as const;

/** Columns whose type cannot take what the filter writes into them. */
export function typeProblems({ columns }: Schema): string[] {
  return columns.flatMap(({ name, type, rule }) => {
    if (rule)
      return WRITTEN_BY_RULE[rule] === type ? [] : [`${name}: ${rule} writes ${WRITTEN_BY_RULE[rule]}, not ${type}`];
    return type === "datetime" ? [`${name}: only the rule timestamp writes a datetime`] : [];
  });
}
