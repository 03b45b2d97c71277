import type { Cell, ResultTile } from "../tools/report/model.js";
import { element } from "./element.js";
import { cellText, cut, localTimeText, numberText } from "./text.js";

const shownCharacters = 200;
// A filter is worth its room only where rows do not fit at once.
const filteredFrom = 6;

/** Ends of flows: those from one to the other, or all of one. */
export type Ends = { source: string; target: string } | { any: string };

const chosenEnds = "chosenends";

/** Leaves in the page's tables of connections only those between the given ends. */
export function chooseEnds(ends: Ends): void {
  for (const place of document.querySelectorAll(".rows"))
    place.dispatchEvent(new CustomEvent(chosenEnds, { detail: ends }));
}

/** A tile's rows as a table: a click on a column sorts by it, a text above filters. */
export function table({
  columns,
  rows,
  colors,
  total,
  title,
}: Pick<ResultTile, "columns" | "rows" | "colors" | "total" | "title">): HTMLElement {
  const body = element("tbody");
  let order: { column: number; sign: 1 | -1 } | undefined;
  let words = "";
  let ends: Ends | undefined;
  const [source, target] = ["Source", "Destination"].map((name) => columns.findIndex((each) => each.name === name)) as [
    number,
    number,
  ];
  const texts = rows.map((row) => row.map((value, index) => cellText(value, columns[index]!.type)));
  const show = () => {
    const found = rows
      .map((_, index) => index)
      .filter((index) => words === "" || texts[index]!.some((text) => text.toLowerCase().includes(words)))
      .filter((index) => !ends || isBetween(ends, texts[index]![source]!, texts[index]![target]!));
    if (order) {
      const { column, sign } = order;
      found.sort((a, b) => sign * compare(rows[a]![column]!, rows[b]![column]!));
    }
    const made = found.map((index) =>
      element(
        "tr",
        {},
        ...columns.map((column, at) => cell(rows[index]![at]!, texts[index]![at]!, column.type, colors?.[column.name])),
      ),
    );
    body.replaceChildren(...made);
  };
  const heads = columns.map(({ name, type }, column) => {
    const button = element("button", { type: "button" }, name);
    const head = element("th", { scope: "col", class: isNumber(type) ? "number" : "" }, button);
    button.addEventListener("click", () => {
      order = { column, sign: order?.column === column && order.sign === 1 ? -1 : 1 };
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order.sign === 1 ? "ascending" : "descending");
      show();
    });
    return head;
  });
  show();
  const scrolls = element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": title },
    element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body),
  );
  const parts: HTMLElement[] = [scrolls];
  if (rows.length >= filteredFrom) {
    const filter = element("input", { type: "search", placeholder: "Filter", "aria-label": `Filter ${title}` });
    filter.addEventListener("input", () => {
      words = filter.value.toLowerCase();
      show();
    });
    parts.unshift(filter);
  }
  if (total !== undefined) {
    parts.push(element("p", { class: "note" }, `The first ${numberText(rows.length)} of ${numberText(total)} rows`));
  }
  const made = element("div", { class: "rows" }, ...parts);
  if (source >= 0 && target >= 0) {
    made.addEventListener(chosenEnds, (event) => {
      ends = (event as CustomEvent<Ends>).detail;
      made.querySelector(".chosen-ends")?.remove();
      const all = element("button", { type: "button" }, "Show all");
      const note = element("p", { class: "note chosen-ends", role: "status" }, `Only ${endsText(ends)} `, all);
      all.addEventListener("click", () => {
        ends = undefined;
        note.remove();
        show();
      });
      made.prepend(note);
      show();
    });
  }
  return made;
}

function isBetween(ends: Ends, source: string, target: string): boolean {
  if ("any" in ends) return source === ends.any || target === ends.any;
  return source === ends.source && target === ends.target;
}

function endsText(ends: Ends): string {
  return "any" in ends ? cut(ends.any, 80) : `${cut(ends.source, 60)} → ${cut(ends.target, 60)}`;
}

function cell(value: Cell, text: string, type: string, colors: Record<string, string> | undefined): HTMLElement {
  const color = typeof value === "string" && colors && Object.hasOwn(colors, value) ? colors[value] : undefined;
  const shown = element("span", color ? { class: `mark ${color}` } : {}, cut(text, shownCharacters));
  const made = element("td", { class: isNumber(type) ? "number" : "", dir: "auto" }, shown);
  if (type === "datetime" && typeof value === "string") made.title = localTimeText(value);
  else if (text.length > 30) made.title = text;
  return made;
}

function isNumber(type: string): boolean {
  return ["int", "long", "real", "decimal"].includes(type);
}

function compare(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  if (typeof a !== "string" && typeof b !== "string") return Number(a) - Number(b);
  return String(a).localeCompare(String(b), "en", { numeric: true });
}
