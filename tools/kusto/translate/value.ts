/** The types of KQL that the engine covers. */
export type KustoType = "string" | "bool" | "int" | "long" | "real" | "datetime" | "timespan" | "dynamic";

/**
 * A scalar as SQL. How each type lies in DuckDB: `string` VARCHAR, never NULL; `bool` BOOLEAN; `int` INTEGER; `long`
 * BIGINT; `real` DOUBLE; `dynamic` JSON, its null NULL; `datetime` and `timespan` BIGINT, counting ticks of 100 ns (from
 * 0001-01-01T00:00:00Z), which is what the service keeps.
 */
export interface Scalar {
  sql: string;
  type: KustoType;
  /** Whether it is a literal that is not null, which makes comparisons simpler. */
  isLiteral?: boolean;
  /** The string of a string literal. */
  text?: string;
  /** A member of a dynamic: the object and the JSON path of the member. */
  member?: { of: string; path: string };
  /** The strings of a literal array of strings. */
  literalItems?: string[];
  /** A literal object: its members as JSON texts, so that a look-up need not parse them for every row. */
  literalBag?: Map<string, string>;
}

export interface Column {
  name: string;
  type: KustoType;
  /** The column's identifier in the SQL of its rows, quoted. */
  sql: string;
}

/** A tabular expression as a SELECT statement. */
export interface Rows {
  sql: string;
  columns: Column[];
  /** The hidden column that `ingestion_time()` reads, where rows still are those of a table. */
  ingestionTime?: string | undefined;
  /** What the rows are sorted by, as terms of ORDER BY over the columns. */
  order?: string[] | undefined;
}

const sqlTypes: Record<KustoType, string> = {
  string: "VARCHAR",
  bool: "BOOLEAN",
  int: "INTEGER",
  long: "BIGINT",
  real: "DOUBLE",
  datetime: "BIGINT",
  timespan: "BIGINT",
  dynamic: "JSON",
};

/** DuckDB's type for a type of KQL. */
export function sqlType(type: KustoType): string {
  return sqlTypes[type];
}

/** Whether the engine has this type (`decimal` and `guid` it has not). */
export function isKustoType(name: string): name is KustoType {
  return name in sqlTypes;
}

/** A text as an SQL literal. */
export function quoted(text: string): string {
  // A NUL cannot stand in a statement.
  if (text.includes("\0")) return `(${text.split("\0").map(quoted).join(" || chr(0) || ")})`;
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""').replaceAll("\0", "")}"`;
}

/** A string that is known. */
export function literalText(text: string): Scalar {
  return { sql: quoted(text), type: "string", isLiteral: true, text };
}

/** The null of a type; a string has none, and is empty. */
export function nullOf(type: KustoType): Scalar {
  return { sql: type === "string" ? "''" : `CAST(NULL AS ${sqlType(type)})`, type };
}

/** A scalar of a type that is known. */
export function scalar(type: KustoType, sql: string): Scalar {
  return { sql, type };
}
