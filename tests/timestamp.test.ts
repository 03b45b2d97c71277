import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FilterHost } from "../tools/host.js";
import { filterModule } from "./support/modules.js";

const host = new FilterHost(filterModule());

describe("TimeGenerated of the record's timestamp", () => {
  const timeOf = (seconds: number, nanoseconds: number) =>
    host.filterToObject('{"flow":{}}', { seconds, nanoseconds })!["TimeGenerated"];

  it.each([
    [0, 0, "1970-01-01T00:00:00.0000000Z"],
    [0, 99, "1970-01-01T00:00:00.0000000Z"],
    [0, 100, "1970-01-01T00:00:00.0000001Z"],
    [59, 999_999_999, "1970-01-01T00:00:59.9999999Z"],
    [86_399, 1_000, "1970-01-01T23:59:59.0000010Z"],
    [86_400, 0, "1970-01-02T00:00:00.0000000Z"],
    [68_169_599, 0, "1972-02-28T23:59:59.0000000Z"],
    [68_169_600, 0, "1972-02-29T00:00:00.0000000Z"],
    [951_782_400, 0, "2000-02-29T00:00:00.0000000Z"],
    [1_704_067_199, 500_000_000, "2023-12-31T23:59:59.5000000Z"],
    [1_737_619_163, 501_253_423, "2025-01-23T07:59:23.5012534Z"],
    [2 ** 31 - 1, 0, "2038-01-19T03:14:07.0000000Z"],
    [2 ** 31, 0, "2038-01-19T03:14:08.0000000Z"],
    [4_107_542_400, 0, "2100-03-01T00:00:00.0000000Z"],
    [2 ** 32 - 1, 999_999_999, "2106-02-07T06:28:15.9999999Z"],
  ])("%d s and %d ns is %s", (seconds, nanoseconds, expected) => {
    expect(timeOf(seconds, nanoseconds)).toBe(expected);
  });

  it("is that of the calendar, at any second", () => {
    const property = fc.property(fc.nat(2 ** 32 - 1), fc.nat(999_999_999), (seconds, nanoseconds) => {
      const ticks = String(Math.floor(nanoseconds / 100)).padStart(7, "0");
      const second = new Date(seconds * 1000).toISOString().slice(0, "YYYY-MM-DDTHH:MM:SS".length);
      expect(timeOf(seconds, nanoseconds)).toBe(`${second}.${ticks}Z`);
    });
    fc.assert(property, { numRuns: 5_000 });
  });
});

describe("a flow's time", () => {
  /** The time as the filter takes it; undefined where it takes it for none and leaves it in AdditionalFields. */
  function accepted(time: string): string | undefined {
    const row = host.filterToObject(JSON.stringify({ flow: { time } }))!;
    const isAdditional = (row["AdditionalFields"] as { time?: string } | undefined)?.time === time;
    expect(row["TimeGenerated"] === "1970-01-01T00:00:00.0000000Z").toBe(isAdditional);
    return isAdditional ? undefined : (row["TimeGenerated"] as string);
  }

  it("can be any day of the calendar, and no other", () => {
    const two = (number: number) => String(number).padStart(2, "0");
    for (const year of [1600, 1900, 1999, 2000, 2023, 2024, 2100, 2400, 9999]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = new Date(Date.UTC(year, month - 1, day));
          const isReal =
            date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
          const time = `${year}-${two(month)}-${two(day)}T12:00:00Z`;
          expect(accepted(time), time).toBe(isReal ? time : undefined);
        }
      }
    }
  });

  it.each(["Z", "z", "+00:00", "-23:59"])(
    "can have a fraction of any length before %s, of which 7 digits stay",
    (zone) => {
      const digits = "123456789".repeat(12);
      expect(accepted(`2025-01-23T07:59:23${zone}`)).toBe(`2025-01-23T07:59:23${zone}`);
      for (let length = 1; length <= digits.length; length++) {
        const time = `2025-01-23T07:59:23.${digits.slice(0, length)}${zone}`;
        expect(accepted(time)).toBe(`2025-01-23T07:59:23.${digits.slice(0, Math.min(length, 7))}${zone}`);
      }
    },
  );

  it.each(["2025-01-23T07:59:23.5012534+01:30", "2025-01-23T07:59:23Z"])(
    "is none with a part of %s cut off or added",
    (time) => {
      for (let length = 0; length < time.length; length++) {
        expect(accepted(time.slice(0, length)), time.slice(0, length)).toBeUndefined();
        expect(accepted(time.slice(length + 1)), time.slice(length + 1)).toBeUndefined();
      }
      for (const added of [`${time}Z`, `${time} `, ` ${time}`, `${time}\n`, `${time}\0`, `-${time}`]) {
        expect(accepted(added), added).toBeUndefined();
      }
    },
  );

  it("is none with another character in any place", () => {
    const time = "2025-01-23T07:59:23.5012534+01:30";
    for (let at = 0; at < time.length; at++) {
      for (const character of ["/", ":", " ", "x", "\0", "٣", "\\", '"', "é"]) {
        if (character === time[at]) continue;
        const changed = time.slice(0, at) + character + time.slice(at + 1);
        expect(accepted(changed), changed).toBeUndefined();
      }
    }
  });
});
