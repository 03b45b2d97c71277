import type { Report } from "../tools/report/model.js";
import { element } from "./element.js";
import { printable } from "../tools/text/cell-text.js";
import { markPage, pageLinks, timeElement } from "./shell.js";
import { numberText } from "./text.js";
import { tileElement } from "./tile.js";

const report = JSON.parse(document.getElementById("report")!.textContent) as Report;
const links = pageLinks(report.pages);
const grid = element("main", { class: "grid", tabindex: "-1" });

function show(): void {
  const key = location.hash.slice(1);
  const page = report.pages.find((each) => each.key === key) ?? report.pages[0]!;
  markPage(links, page, report.title);
  grid.replaceChildren(...page.tiles.map((tile) => tileElement(tile)));
}

function range(): (Node | string)[] {
  const sources = printable(report.sources.join(", "));
  if (!report.from || !report.to) return [`No flows in ${sources}`];
  return [
    `${numberText(report.rows)} rows of ${sources}, `,
    timeElement(report.from),
    " – ",
    timeElement(report.to),
    " UTC",
  ];
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
