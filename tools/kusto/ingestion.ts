import type { AdxType } from "../schema.js";
import { identifier, quoted, sqlType } from "./translate/value.js";

/** One entry of an ingestion mapping. */
export interface MappingEntry {
  column: string;
  Properties: { Path: string };
}

const mebibyte = 1 << 20;

/**
 * The entries of the one JSON mapping in a KQL file.
 * @throws Error where there is none.
 */
export function readMapping(kql: string): MappingEntry[] {
  const fenced = /ingestion json mapping "\w+"\n```\n([\s\S]*?)\n```/.exec(kql);
  if (!fenced) throw new Error("the file creates no JSON ingestion mapping");
  return JSON.parse(fenced[1]!) as MappingEntry[];
}

/**
 * The SELECT list that makes what Azure Data Explorer stores of a line of JSON (the column `json`, valid JSON): a missing
 * path or a value that doesn't fit the column's type gives null, a text of more than a mebibyte is cut
 * (learn.microsoft.com/azure/data-explorer/ingest-json-formats, …/kusto/query/scalar-data-types). Where the documentation
 * is silent (text in a number column, more than seven fraction digits) it takes the worse case, null.
 */
export function storedColumns(mapping: MappingEntry[], types: Record<string, AdxType>): string {
  const list = mapping.map(({ column, Properties }) => {
    const value = `line.${steps(Properties.Path).map(identifier).join(".")}`;
    return `${stored(types[column]!, value)} AS ${identifier(column)}`;
  });
  return list.join(",\n");
}

/** One reading of a line gives all values, as texts or as JSON: the struct `line` that `storedColumns` takes. */
export function lineStruct(mapping: MappingEntry[], types: Record<string, AdxType>): string {
  type Tree = { [key: string]: Tree | string };
  const root: Tree = {};
  for (const { column, Properties } of mapping) {
    const path = steps(Properties.Path);
    let tree = root;
    for (const key of path.slice(0, -1)) tree = (tree[key] ??= {}) as Tree;
    tree[path.at(-1)!] = types[column] === "string" || types[column] === "datetime" ? "VARCHAR" : "JSON";
  }
  return `json_transform(json, ${quoted(JSON.stringify(root))})`;
}

/** The keys of `$.a.b` or `$['a']`. */
function steps(path: string): string[] {
  const found = path.slice(1).match(/\.[^.[]+|\['[^']*'\]/g) ?? [];
  if (!path.startsWith("$") || found.join("").length !== path.length - 1) {
    throw new Error(`the mapping's path ${path} is not of keys alone`);
  }
  return found.map((step) => (step.startsWith(".") ? step.slice(1) : step.slice(2, -2)));
}

function stored(type: AdxType, value: string): string {
  switch (type) {
    case "string":
      return `CASE WHEN ${value} IS NULL THEN '' WHEN strlen(${value}) <= ${mebibyte} THEN ${value} ELSE ${cut(value)} END`;
    case "bool":
      return `CASE ${value} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END`;
    case "int":
    case "long":
      return `CASE WHEN regexp_full_match(${value}, '-?\\d+') THEN try_cast(CAST(${value} AS VARCHAR) AS ${sqlType(type)}) END`;
    case "datetime":
      return `CASE WHEN regexp_full_match(${value}, '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,7})?([Zz]|[+-]\\d\\d:\\d\\d)') THEN kusto_parse_datetime(${value}) END`;
    case "dynamic":
      return `CASE WHEN strlen(CAST(${value} AS VARCHAR)) <= ${mebibyte} THEN kusto_not_null(${value}) END`;
  }
}

/** The first mebibyte, without the character that it would cut. */
function cut(value: string): string {
  const tries = [0, 1, 2, 3].map((less) => `try(decode(encode(${value})[1:${mebibyte - less}]))`);
  return `coalesce(${tries.join(", ")})`;
}
