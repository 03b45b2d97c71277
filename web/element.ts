type Child = Node | string;

/** An element with attributes and children. Strings become text, never markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The dashboard's own text: `**bold**` and `code` in it, all else as it stands. */
export function markdown(text: string): HTMLElement {
  const parts = text.split(/(\*\*[^*]+\*\*|`[^`]+`)/);
  const children = parts.map((part) => {
    if (part.startsWith("**") && part.length > 4) return element("strong", {}, part.slice(2, -2));
    if (part.startsWith("`") && part.length > 2) return element("code", {}, part.slice(1, -1));
    return part;
  });
  return element("p", {}, ...children);
}
