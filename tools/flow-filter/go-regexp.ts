import { RE2JS } from "re2js";

/**
 * Compiles a regular expression as Go does, of the version with which Cilium 1.20 is built (1.26).
 * @throws RE2JSException for what is none.
 */
export function compileGoRegexp(text: string): RE2JS {
  // Go takes a group's name twice, the library does not: with numbered names it is the same expression.
  let names = 0;
  const numbered = text.replace(/\(\?P?<[A-Za-z_]\w*>/g, () => `(?P<g${names++}>`);
  return RE2JS.compile(withGoClasses(numbered));
}

/** Whether one of the expressions matches somewhere in a text. */
export function regexpTest(expressions: readonly string[]): (text: string) => boolean {
  const compiled = expressions.map(compileGoRegexp);
  return (text) => compiled.some((expression) => expression.matcher(text).find());
}

/** The long names of Unicode's general categories (PropertyValueAliases.txt), in Go's form: a capital, then small letters. */
const categories: Record<string, string> = {
  Other: "C",
  Control: "Cc",
  Cntrl: "Cc",
  Format: "Cf",
  Unassigned: "Cn",
  Privateuse: "Co",
  Surrogate: "Cs",
  Letter: "L",
  Lc: "LC",
  Casedletter: "LC",
  Lowercaseletter: "Ll",
  Modifierletter: "Lm",
  Otherletter: "Lo",
  Titlecaseletter: "Lt",
  Uppercaseletter: "Lu",
  Mark: "M",
  Combiningmark: "M",
  Spacingmark: "Mc",
  Enclosingmark: "Me",
  Nonspacingmark: "Mn",
  Number: "N",
  Decimalnumber: "Nd",
  Digit: "Nd",
  Letternumber: "Nl",
  Othernumber: "No",
  Punctuation: "P",
  Punct: "P",
  Connectorpunctuation: "Pc",
  Dashpunctuation: "Pd",
  Closepunctuation: "Pe",
  Finalpunctuation: "Pf",
  Initialpunctuation: "Pi",
  Otherpunctuation: "Po",
  Openpunctuation: "Ps",
  Symbol: "S",
  Currencysymbol: "Sc",
  Modifiersymbol: "Sk",
  Mathsymbol: "Sm",
  Othersymbol: "So",
  Separator: "Z",
  Lineseparator: "Zl",
  Paragraphseparator: "Zp",
  Spaceseparator: "Zs",
};

/** Scripts that the library knows and Go does not: of a later Unicode than its 15, or none at all. */
const noScripts = new Set(["Garay", "Sunuwar", "Todhri", "Sidetic", "Unknown"]);

// Quoted text, a class by name, any other escape, a class of POSIX, the beginning and the end of brackets.
const token = /\\Q[\s\S]*?(?:\\E|$)|\\([pP])(?:\{(\^?)([^{}]*)\}|([A-Za-z]))|\\[\s\S]|\[:\^?\w+:\]|\[\^?\]?|\]/g;

/** An expression with Go's classes `\p{Name}` under the names that the library knows. */
function withGoClasses(text: string): string {
  let isInBrackets = false;
  return text.replace(token, (whole, letter?: string, not?: string, long?: string, short?: string) => {
    if (letter === undefined) {
      if (whole === "]") isInBrackets = false;
      else if (whole.startsWith("[") && !whole.startsWith("[:")) isInBrackets = true;
      return whole;
    }
    const isNot = (letter === "P") !== (not === "^");
    return classOf(canonicalName(long ?? short!), isNot, isInBrackets);
  });
}

/** As Go looks a name up (regexp/syntax: canonicalName), which leaves it no script of two words. */
function canonicalName(name: string): string {
  const plain = name.replaceAll(/[ _-]/g, "");
  return plain.slice(0, 1).toUpperCase() + plain.slice(1).toLowerCase();
}

function classOf(name: string, isNot: boolean, isInBrackets: boolean): string {
  if (name === "Ascii") {
    const ascii = `[:${isNot ? "^" : ""}ascii:]`;
    return isInBrackets ? ascii : `[${ascii}]`;
  }
  if (name === "Assigned") return classOf("Cn", !isNot, isInBrackets);
  const known = noScripts.has(name) ? `${name}, unknown to Go` : (categories[name] ?? name);
  return `\\${isNot ? "P" : "p"}{${known}}`;
}
