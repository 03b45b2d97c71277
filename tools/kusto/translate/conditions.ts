// Conditions as SQL, made shorter by what is known of them: filters that are not set, defaults of parameters. DuckDB would
// fold them too, but plans for as long as the text is, and pushes them down first.

/** Every one of them; a null beside a false is false. */
export function all(conditions: readonly string[]): string {
  return joined(conditions, "AND", "TRUE", "FALSE");
}

/** Any one of them; a null beside a true is true. */
export function any(conditions: readonly string[]): string {
  return joined(conditions, "OR", "FALSE", "TRUE");
}

function joined(conditions: readonly string[], operator: string, neutral: string, decisive: string): string {
  if (conditions.includes(decisive)) return decisive;
  const open = conditions.filter((condition) => condition !== neutral);
  return open.length > 1 ? `(${open.join(` ${operator} `)})` : (open[0] ?? neutral);
}

export function not(condition: string): string {
  if (condition === "TRUE") return "FALSE";
  return condition === "FALSE" ? "TRUE" : `(NOT ${condition})`;
}

/** What is known already. */
export function known(isTrue: boolean): string {
  return isTrue ? "TRUE" : "FALSE";
}

/** The value of the first condition that is true, else `otherwise`. */
export function firstOf(branches: readonly { condition: string; value: string }[], otherwise: string): string {
  const possible = branches.filter(({ condition }) => condition !== "FALSE");
  const certain = possible.findIndex(({ condition }) => condition === "TRUE");
  const last = certain < 0 ? otherwise : possible[certain]!.value;
  const open = certain < 0 ? possible : possible.slice(0, certain);
  if (open.length === 0) return last;
  return `CASE ${open.map(({ condition, value }) => `WHEN ${condition} THEN ${value}`).join(" ")} ELSE ${last} END`;
}
