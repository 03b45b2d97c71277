import fc from "fast-check";
import { expect, test } from "vitest";
import { readRow } from "../../tools/flatten/row-values.js";

test("values keep their digits, dynamics stand as they stand", () => {
  const json =
    '{"a": 12345678901234567890, "b":1.50 ,"c":[1.0, "]}", {"d":"\\"}"}],"e":"x\\u0041\\\\","f":null,"g":true,"h":{} }';
  expect([...readRow(json)].map(([key, { type, json, text }]) => [key, type, json, text])).toEqual([
    ["a", "number", "12345678901234567890", "12345678901234567890"],
    ["b", "number", "1.50", "1.50"],
    ["c", "array", '[1.0, "]}", {"d":"\\"}"}]', '[1.0, "]}", {"d":"\\"}"}]'],
    ["e", "string", '"x\\u0041\\\\"', "xA\\"],
    ["f", "null", "null", "null"],
    ["g", "boolean", "true", "true"],
    ["h", "object", "{}", "{}"],
  ]);
});

test.each(["{}", "{ }", " {\n} "])("%j has no values", (json) => {
  expect(readRow(json).size).toBe(0);
});

test("any object is read as JSON.parse reads it, whatever its spaces", () => {
  const value = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue());
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, "\t"), (object, space) => {
      const json = JSON.stringify(object, null, space);
      const parsed = JSON.parse(json) as Record<string, unknown>;
      const read = [...readRow(json)].map(([key, { json }]) => [key, JSON.parse(json) as unknown]);
      expect(read).toEqual(Object.entries(parsed));
      for (const [key, { text }] of readRow(json)) {
        if (typeof parsed[key] === "string") expect(text).toBe(parsed[key]);
      }
    }),
  );
});
