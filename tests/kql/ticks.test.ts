import { beforeAll, describe, expect, test } from "vitest";
import { datetimeText, datetimeTicks, timespanText, timespanTicks } from "../../tools/text/ticks.js";

// learn.microsoft.com/kusto/query/scalar-data-types: timespan, datetime. A tick is 100 ns.

/** A time without a zone is one in UTC, wherever the machine stands. */
beforeAll(() => {
  process.env["TZ"] = "America/St_Johns";
});

describe("a timespan", () => {
  test.each([
    [864_000_000_000n, "d day days"],
    [36_000_000_000n, "h hr hrs hour hours"],
    [600_000_000n, "m min minute minutes"],
    [10_000_000n, "s sec second seconds"],
    [10_000n, "ms milli millis millisec millisecond milliseconds"],
    [10n, "micro micros microsec microsecond microseconds"],
    [1n, "tick ticks"],
  ])("of 3 times %d ticks by each name of the unit: %s", (ticks, names) => {
    for (const name of names.split(" ")) {
      expect(timespanTicks(`3${name}`), name).toBe(3n * ticks);
      expect(timespanTicks(`3${name.toUpperCase()}`), name).toBe(3n * ticks);
    }
  });

  test.each<[string, bigint]>([
    ["2", 1_728_000_000_000n],
    ["0.5", 432_000_000_000n],
    ["1.25s", 12_500_000n],
    ["12.05s", 120_500_000n],
    ["-1.5h", -54_000_000_000n],
    [" - 10 ms ", -100_000n],
    ["12:34", 452_400_000_000n],
    ["1:02", 37_200_000_000n],
    ["12:34:56", 452_960_000_000n],
    ["12:34:56.7", 452_967_000_000n],
    ["00:00:00.0000001", 1n],
    ["1.12:34:56", 1_316_960_000_000n],
    ["-10.00:00:01", -8_640_010_000_000n],
    [" 00:01 ", 600_000_000n],
  ])("%j", (text, ticks) => {
    expect(timespanTicks(text)).toBe(ticks);
  });

  test.each([
    "",
    "d",
    "1x",
    "1 d d",
    "x1d",
    "1.d",
    "--1d",
    "1:2",
    "123:00",
    "12:34:5",
    "12:34:56.12345678",
    "x00:01",
    "00:01x",
    "00:01:02:03",
  ])("%j is none", (text) => {
    expect(timespanTicks(text)).toBeUndefined();
  });

  test.each<[bigint, string]>([
    [0n, "00:00:00"],
    [1n, "00:00:00.0000001"],
    [-1n, "-00:00:00.0000001"],
    [10_000_000n, "00:00:01"],
    [599_999_999n, "00:00:59.9999999"],
    [600_000_000n, "00:01:00"],
    [35_990_000_000n, "00:59:59"],
    [36_000_000_000n, "01:00:00"],
    [863_990_000_000n, "23:59:59"],
    [864_000_000_000n, "1.00:00:00"],
    [-8_640_010_000_000n, "-10.00:00:01"],
  ])("of %d ticks is %s", (ticks, text) => {
    expect(timespanText(ticks)).toBe(text);
  });
});

describe("a datetime", () => {
  const noon = 638_732_304_000_000_000n; // 2025-01-23T12:00:00Z

  test.each<[string, bigint]>([
    ["0001-01-01", 0n],
    ["1970-01-01T00:00:00Z", 621_355_968_000_000_000n],
    ["2025-01-23T12:00:00Z", noon],
    ["2025-01-23t12:00:00z", noon],
    ["2025-01-23 12:00", noon],
    [" 2025-01-23   12:00:00 Z ", noon],
    ["2025-01-23T12:00:00.5Z", noon + 5_000_000n],
    ["2025-01-23T12:00:00.0000001", noon + 1n],
    ["2025-01-23T12:00:00.00000019", noon + 1n],
    ["2025-01-23T14:00:00+02:00", noon],
    ["2025-01-23T06:30:00-0530", noon],
    ["2025-01-23T9:00Z", noon - 108_000_000_000n],
    ["2025-01", noon - 432_000_000_000n - 22n * 864_000_000_000n],
    ["2024-02-29", noon - 432_000_000_000n - 329n * 864_000_000_000n],
  ])("%j", (text, ticks) => {
    expect(datetimeTicks(text)).toBe(ticks);
  });

  test.each([
    "",
    "2025",
    "2025-1-1",
    "2025-13-01",
    "2025-02-29",
    "2025-01-23T",
    "2025-01-23T12",
    "2025-01-23T24:01",
    "2025-01-23T12:60",
    "2025-01-23T12:00:61",
    "2025-01-23T12:00:00.",
    "2025-01-23T12:00:00Y",
    "2025-01-23T12:00:00+2",
    "x2025-01-23",
    "2025-01-23x",
    "12025-01-23",
  ])("%j is none", (text) => {
    expect(datetimeTicks(text)).toBeUndefined();
  });

  test.each<[bigint, string]>([
    [0n, "0001-01-01T00:00:00Z"],
    [noon, "2025-01-23T12:00:00Z"],
    [noon + 1n, "2025-01-23T12:00:00.0000001Z"],
    [noon + 5_012_500n, "2025-01-23T12:00:00.50125Z"],
    [noon + 10_000_000n, "2025-01-23T12:00:01Z"],
  ])("of %d ticks is %s", (ticks, text) => {
    expect(datetimeText(ticks)).toBe(text);
  });
});
