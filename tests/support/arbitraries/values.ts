import fc from "fast-check";
import { JsonNumber, JsonObject, type Json } from "../json.js";
import { Choices } from "../print.js";

/** Numbers in every form that JSON has, within the range of a double. */
export const number: fc.Arbitrary<JsonNumber> = fc
  .oneof(
    { weight: 4, arbitrary: fc.nat(70000).map(String) },
    { weight: 1, arbitrary: fc.integer().map(String) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ..."0 -0 -1 4294967295 18446744073709551615 -9223372036854775808 9e307 -1E-400 1.50 0.1e-7 1E+2 0e0".split(" "),
        "123456789012345678901234567890.5",
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.boolean(), fc.nat(), fc.option(fc.nat()), fc.option(fc.integer({ min: -400, max: 298 })))
        .map(([minus, whole, fraction, exponent]) => {
          return `${minus ? "-" : ""}${whole}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`;
        }),
    },
  )
  .map((text) => new JsonNumber(text));

const oddText = fc.constantFrom(
  "",
  '"',
  '""',
  "\\",
  "\\\\",
  '\\"',
  '","',
  '":"',
  '","flow":{"',
  "]},{[",
  "\\u0026",
  "&<>",
  "a/b",
  "/",
  "\u0000",
  "\b\f\n\r\t\u001b\u001f\u007f",
  "\u0080\u07ff\u0800\uffff\u2028",
  "ä€漢",
  "😀\u{10ffff}",
  "null",
  "true",
  "0",
  "{}",
  "a,b",
);

/** Text as it stands in log lines, and text that is hard to read. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 40 }) },
  { weight: 2, arbitrary: oddText },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(oddText, fc.string({ maxLength: 9 })), { maxLength: 5 }).map((all) => all.join("")),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);

export const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
);

/** Any value, null and nested ones included; objects have no key twice. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.constant(null) }),
    fc.array(tie("value"), { maxLength: 4 }),
    objectOf(text, tie("value"), 4),
  ),
})).value;

/** An object of names and values, no name twice. */
export function objectOf(
  name: fc.Arbitrary<string>,
  value: fc.Arbitrary<Json>,
  maxLength: number,
): fc.Arbitrary<JsonObject> {
  return fc
    .uniqueArray(fc.tuple(name, value), { maxLength, selector: ([key]) => key })
    .map((members) => new JsonObject(members));
}

/** RFC 3339 times of any precision and zone. */
export const time: fc.Arbitrary<string> = fc
  .tuple(
    fc.date({ min: new Date(0), max: new Date("2105-01-01"), noInvalidDate: true }),
    fc.oneof(
      fc.constant(""),
      fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 12 }).map((digits) => `.${digits}`),
    ),
    fc.constantFrom("Z", "Z", "Z", "z", "+01:00", "-23:59"),
  )
  .map(([date, fraction, zone]) => date.toISOString().slice(0, 19) + fraction + zone);

/** Text that is nearly an RFC 3339 time, or is one of a second that few know. */
export const nearlyTime: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "2024-02-29T23:59:60Z",
    "2023-02-29T00:00:00Z",
    "2025-04-31T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-01-01T24:00:00Z",
    "2025-01-01T00:00:00",
    "2025-01-01 00:00:00Z",
    "2025-01-01T00:00:00.Z",
    "2025-01-01T00:00:00+24:00",
    "2025-01-01T00:00:00+0100",
    "2025-01-01",
  ),
  fc.tuple(time, fc.nat(40), fc.constantFrom("", "0", "9", ":", "Z", "x")).map(([text, at, change]) => {
    return text.slice(0, at) + change + text.slice(at + 1);
  }),
);

/** How a value is written: mostly as JSON.stringify does, sometimes with white space and escapes, sometimes wildly. */
export const choices: fc.Arbitrary<Choices> = fc
  .oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(sparse(12), { maxLength: 60, size: "max" }) },
    { weight: 1, arbitrary: fc.array(fc.nat(50), { maxLength: 60, size: "max" }) },
  )
  .map((values) => new Choices(values));

function sparse(zeros: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: zeros, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(50) });
}
