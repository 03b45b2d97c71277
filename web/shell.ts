import { element } from "./element.js";
import { localTimeText, timeText } from "./text.js";

/** The links to pages, by their keys. */
export function pageLinks(pages: { key: string; name: string }[]): HTMLAnchorElement[] {
  return pages.map(({ key, name }) => element("a", { href: `#${key}` }, name));
}

/** Marks the link to the page that is shown, and names the page in the window's title. */
export function markPage(
  links: HTMLAnchorElement[],
  { key, name }: { key: string; name: string },
  title: string,
): void {
  for (const link of links) {
    if (link.getAttribute("href") === `#${key}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${name} – ${title}`;
}

/** A time in UTC, with the local one as a hint. */
export function timeElement(iso: string): HTMLElement {
  return element("time", { datetime: iso, title: localTimeText(iso) }, timeText(iso));
}
