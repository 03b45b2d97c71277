import { FilterHost, type RecordContext } from "../../tools/host.js";
import { filterModule, type FilterFunction } from "./modules.js";

type Row = Record<string, unknown>;

/** The seconds and nanoseconds of an RFC 3339 time in UTC. */
export function moment(time: string): RecordContext {
  return {
    seconds: Math.floor(Date.parse(time) / 1000),
    nanoseconds: Number((/\.(\d+)Z$/.exec(time)?.[1] ?? "").padEnd(9, "0")),
  };
}

/**
 * What the embedded host makes of records, those that it drops left out.
 * @param timeOf the record's timestamp; by default what `runPipeline` gives under `@time`, in microseconds.
 */
export function embeddedRows(
  records: Row[],
  functionName: FilterFunction,
  timeOf: (record: Row) => unknown = (record) => record["@time"],
): Row[] {
  const host = new FilterHost(filterModule(), { functionName });
  return records.flatMap((record) => {
    const { "@time": time, ...body } = record;
    const row = host.filterToObject(body, moment(timeOf(record) as string));
    return row ? [{ "@time": time, ...row }] : [];
  });
}
