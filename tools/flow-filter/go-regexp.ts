import { RE2JS } from "re2js";

/**
 * Compiles a regular expression as Go does.
 * @throws RE2JSException for what is none.
 */
export function compileGoRegexp(text: string): RE2JS {
  // Go takes a group's name twice, the library does not: with numbered names it is the same expression.
  let names = 0;
  return RE2JS.compile(text.replace(/\(\?P?<[A-Za-z_]\w*>/g, () => `(?P<g${names++}>`));
}

/** Whether one of the expressions matches somewhere in a text. */
export function regexpTest(expressions: readonly string[]): (text: string) => boolean {
  const compiled = expressions.map(compileGoRegexp);
  return (text) => compiled.some((expression) => expression.matcher(text).find());
}
