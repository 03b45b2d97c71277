import { expect, test } from "vitest";
import { compileGoRegexp } from "../tools/flow-filter/go-regexp.js";

// What regexp.Compile and MatchString of Go 1.26.8 answer.

test.each([
  [String.raw`\p{Letter}`, "ä", "1"],
  [String.raw`\p{lowercase letter}`, "a", "A"],
  [String.raw`\p{UPPERCASE-LETTER}`, "A", "a"],
  [String.raw`\p{greek}`, "Α", "A"],
  [String.raw`\P{^GREEK}`, "Α", "A"],
  [String.raw`\pl`, "a", "1"],
  [String.raw`\p{ASCII}`, "a", "ä"],
  [String.raw`\P{ascii}`, "ä", "a"],
  [String.raw`[\P{^Ascii}ä]`, "ä", "ö"],
  [String.raw`[^]\p{digit}]`, "a", "]"],
  [String.raw`[[:alpha:]\p{Nd}]`, "٣", "-"],
  [String.raw`\p{Assigned}`, "a", "\u0378"],
  [String.raw`\Q\p{letter}\E`, String.raw`\p{letter}`, "a"],
  [String.raw`\\p{2}`, String.raw`\pp`, String.raw`\p`],
])("%s matches %j and not %j", (expression, yes, no) => {
  const compiled = compileGoRegexp(expression);
  expect(compiled.matcher(yes).find()).toBe(true);
  expect(compiled.matcher(no).find()).toBe(false);
});

// Go looks names up without underscores, and so finds no script of two words.
test.each(["Foo", "Garay", "Old_Italic", "olditalic", "SignWriting", "Latn", "Unknown", "White_Space", ""])(
  "Go knows no class %j",
  (name) => {
    expect(() => compileGoRegexp(`\\p{${name}}`)).toThrow("invalid character class range");
  },
);
