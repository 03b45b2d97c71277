import { ask, type Frame } from "./api.js";
import { element } from "./element.js";
import { printable } from "../tools/text/cell-text.js";

/** What the address bar holds of the page's state: the range and the values of parameters. */
export function currentQuery(): URLSearchParams {
  return new URLSearchParams(location.search);
}

/** Puts a state into the address bar; going back undoes it. */
export function setQuery(query: URLSearchParams): void {
  const text = query.toString();
  history.pushState(null, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
  dispatchEvent(new Event("querychange"));
}

/** The bar of filters: time range, lists of values with counts of their choices, free text. */
export function filterBar(frame: Frame): HTMLElement {
  const bar = element("div", { class: "filters", role: "group", "aria-label": "Filters" });
  const draw = () => {
    const open = bar.querySelector("details[open]")?.getAttribute("data-key");
    bar.replaceChildren(rangeControl(frame), ...frame.parameters.map((parameter) => control(parameter, open ?? "")));
    if (currentQuery().size > 0) {
      const clear = element("button", { type: "button", class: "clear" }, "Clear all");
      clear.addEventListener("click", () => setQuery(new URLSearchParams()));
      bar.append(clear);
    }
  };
  addEventListener("querychange", draw);
  addEventListener("popstate", draw);
  document.addEventListener("click", (event) => {
    for (const list of bar.querySelectorAll("details[open]")) {
      if (!list.contains(event.target as Node)) list.removeAttribute("open");
    }
  });
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const list = bar.querySelector<HTMLDetailsElement>("details[open]");
    list?.removeAttribute("open");
    list?.querySelector("summary")?.focus();
  });
  draw();
  return bar;
}

function rangeControl({ ranges }: Frame): HTMLElement {
  const query = currentQuery();
  const range = query.get("range");
  const hasTimes = query.has("from") || query.has("to");
  const option = (value: string, text: string, isChosen: boolean) =>
    element("option", { value, ...(isChosen ? { selected: "" } : {}) }, text);
  const select = element(
    "select",
    { "aria-label": "Time range" },
    option("", "All flows", !range && !hasTimes),
    ...ranges.map((each) => option(each, `Last ${each}`, each === range)),
    option("own", "From … to …", hasTimes),
  );
  const times = ["from", "to"].map((name) => {
    const input = element("input", {
      type: "datetime-local",
      step: "1",
      "aria-label": `${name}, UTC`,
      title: `${name}, UTC`,
    });
    input.value = query.get(name)?.replace("Z", "") ?? "";
    input.addEventListener("change", () => {
      const next = currentQuery();
      next.delete("range");
      if (input.value) next.set(name, `${input.value}Z`);
      else next.delete(name);
      setQuery(next);
    });
    return input;
  });
  const own = element("span", { class: "times" }, ...times, "UTC");
  own.hidden = !hasTimes;
  select.addEventListener("change", () => {
    own.hidden = select.value !== "own";
    if (select.value === "own") return;
    const next = currentQuery();
    for (const name of ["range", "from", "to"]) next.delete(name);
    if (select.value) next.set("range", select.value);
    setQuery(next);
  });
  return element("span", { class: "range-control" }, select, own);
}

function control({ name, key, description, isList }: Frame["parameters"][number], open: string): HTMLElement {
  const hint = description ? { title: description } : {};
  if (!isList) {
    const input = element("input", { type: "search", placeholder: name, "aria-label": name, ...hint });
    input.value = currentQuery().get(key) ?? "";
    input.addEventListener("change", () => {
      const next = currentQuery();
      if (input.value) next.set(key, input.value);
      else next.delete(key);
      setQuery(next);
    });
    return input;
  }
  const chosen = currentQuery().getAll(key);
  const label = chosen.length === 0 ? name : `${name}: ${chosen.length === 1 ? printable(chosen[0]!) : chosen.length}`;
  const list = element("div", { class: "choices", role: "group", "aria-label": name });
  const details = element(
    "details",
    { "data-key": key, ...hint, ...(chosen.length > 0 ? { class: "chosen" } : {}) },
    element("summary", {}, label),
    list,
  );
  const fill = () => void fillChoices(list, key, chosen);
  details.addEventListener("toggle", () => {
    if (details.open) fill();
  });
  if (open === key) details.open = true;
  return details;
}

async function fillChoices(list: HTMLElement, key: string, chosen: string[]): Promise<void> {
  let values: string[];
  try {
    values = await ask<string[]>(`api/values/${key}?${rangeOf(currentQuery())}`);
  } catch (error) {
    list.replaceChildren(element("p", { class: "error" }, (error as Error).message));
    return;
  }
  const all = [...new Set([...values, ...chosen])];
  const boxes = all.map((value) => {
    const box = element("input", { type: "checkbox" });
    box.checked = chosen.includes(value);
    box.addEventListener("change", () => {
      const next = currentQuery();
      const rest = next.getAll(key).filter((each) => each !== value);
      next.delete(key);
      for (const each of box.checked ? [...rest, value] : rest) next.append(key, each);
      setQuery(next);
    });
    return element("label", {}, box, printable(value));
  });
  list.replaceChildren(...(boxes.length > 0 ? boxes : [element("p", {}, "None in this range")]));
}

/** The range alone: what a list offers does not depend on what is chosen elsewhere. */
function rangeOf(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => ["range", "from", "to"].includes(name)));
}
