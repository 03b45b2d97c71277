import { checkKql } from "../kusto/check.js";
import type { Database } from "../kusto/database.js";
import { items, kustoLanguage } from "../kusto/language.js";

/** A word that fits at the cursor. */
export interface Completion {
  label: string;
  /** What stands in the text when it is taken, and where the cursor goes: at the end of it. */
  apply: string;
  /** `column`, `function`, `table`, …, in lower case. */
  kind: string;
}

const most = 200;

/**
 * What Microsoft's language service offers at a place in a query.
 * @returns the offers, and the place from which on they replace the text.
 */
export function completions(text: string, position: number, database: Database): { from: number; items: Completion[] } {
  const service = new (kustoLanguage().Editor.KustoCodeService.ctor)(database.analyze(text));
  const kinds = new Map(
    Object.entries(kustoLanguage().Editor.CompletionKind).flatMap(([name, value]) =>
      typeof value === "number" ? [[value, name.toLowerCase()] as const] : [],
    ),
  );
  const info = service.GetCompletionItems(Math.min(position, text.length));
  const offers = items(info.Items).map((item) => ({
    label: item.DisplayText,
    apply: (item.BeforeText ?? item.DisplayText).trimEnd(),
    kind: kinds.get(Number(item.Kind)) ?? "",
  }));
  const typed = text.slice(info.EditStart, position).toLowerCase();
  const fits = offers.filter(({ label }) => label.toLowerCase().includes(typed));
  fits.sort((a, b) => rank(a.label, typed) - rank(b.label, typed));
  return { from: info.EditStart, items: fits.slice(0, most) };
}

function rank(label: string, typed: string): number {
  return label.toLowerCase().startsWith(typed) ? 0 : 1;
}

/** What is wrong with a query, with the places in its text. */
export function problems(text: string, database: Database) {
  if (text.trim() === "") return [];
  return checkKql(text, database).map(({ message, start, isError }) => ({
    message,
    isError,
    from: Math.min(start, text.length),
    to: Math.min(text.length, start + Math.max(1, /^\w*/.exec(text.slice(start))![0].length)),
  }));
}
