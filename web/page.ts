import type { Report } from "../tools/report/model.js";
import { element } from "./element.js";
import { printable } from "../tools/flatten/cell-text.js";
import { localTimeText, numberText, timeText } from "./text.js";
import { tileElement } from "./tile.js";

const report = JSON.parse(document.getElementById("report")!.textContent) as Report;
const links = report.pages.map(({ key, name }) => element("a", { href: `#${key}` }, name));
const grid = element("main", { class: "grid", tabindex: "-1" });

function show(): void {
  const key = location.hash.slice(1);
  const page = report.pages.find((each) => each.key === key) ?? report.pages[0]!;
  for (const [index, link] of links.entries()) {
    if (report.pages[index] === page) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${page.name} – ${report.title}`;
  grid.replaceChildren(...page.tiles.map((tile) => tileElement(tile)));
}

function time(iso: string): HTMLElement {
  return element("time", { datetime: iso, title: localTimeText(iso) }, timeText(iso));
}

function range(): (Node | string)[] {
  const sources = printable(report.sources.join(", "));
  if (!report.from || !report.to) return [`No flows in ${sources}`];
  return [`${numberText(report.rows)} rows of ${sources}, `, time(report.from), " – ", time(report.to), " UTC"];
}

document.body.append(
  element(
    "header",
    { class: "top" },
    element("h1", {}, report.title),
    element("p", { class: "range" }, ...range()),
    element("nav", { "aria-label": "Pages" }, ...links),
  ),
  grid,
);
addEventListener("hashchange", show);
show();
