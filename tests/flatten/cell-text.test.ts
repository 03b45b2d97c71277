import { describe, expect, it } from "vitest";
import fc from "fast-check";
import stringWidth from "string-width";
import { fitted, printable } from "../../tools/text/cell-text.js";

describe("fitted", () => {
  it.each([
    [{ text: "shop/cart" }, 12, "shop/cart   "],
    [{ text: "shop/cart", tail: ":8080" }, 14, "shop/cart:8080"],
    [{ text: "shop/cart", tail: ":8080" }, 12, "shop/c…:8080"],
    [{ text: "shop/cart", tail: ":8080" }, 4, "sho…"],
    [{ text: "日本語日本語" }, 6, "日本… "],
    [{ text: "ab" }, 1, "…"],
  ])("puts %o into %i columns", (cell, width, expected) => {
    expect(fitted(cell, width)).toBe(expected);
  });

  it("takes exactly the width, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.nat({ max: 99999 }),
        fc.integer({ min: 1, max: 30 }),
        (text, port, width) => {
          expect(stringWidth(fitted({ text: printable(text), tail: `:${port}` }, width))).toBe(width);
        },
      ),
    );
  });
});

describe("printable", () => {
  it("shows what would steer a terminal", () => {
    expect(printable("a\u001b[31mb\nc\td\u0007\u009b\u202ee\u2028f")).toBe(
      "a\\x1b[31mb\\nc\\td\\x07\\x9b\\u202ee\\u2028f",
    );
  });

  it("leaves letters of any script and emoji", () => {
    expect(printable("größe 日本 עברית 😱")).toBe("größe 日本 עברית 😱");
  });
});
