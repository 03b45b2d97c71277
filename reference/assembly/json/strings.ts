import { JSON } from "json-as";

/** Reads the text of a string value. */
export function readString(value: string): string {
  // json-as 1.6.0 reads the escape \/ as U+0000. A backslash before another is no escape's start: those go first.
  const slashes = value.includes("\\/") ? value.replaceAll("\\\\", "\\u005c").replaceAll("\\/", "/") : value;
  return JSON.parse<string>(slashes);
}

/** Writes text as a string value. */
export function stringValue(text: string): JSON.Raw {
  return new JSON.Raw(JSON.stringify<string>(text));
}
