import { convert } from "./convert.js";
import { scalar, type Scalar } from "./value.js";

/** Makes the SQL of a call that looks at other rows. `over` is the order of the rows, as SQL. */
type WindowFunction = (args: Scalar[], over: string) => Scalar | undefined;

/** The value of a column some rows before or behind; beyond the first and the last row null, or the given value. */
const shifted =
  (sqlFunction: "lag" | "lead"): WindowFunction =>
  ([value, offset, otherwise], over) => {
    const beyond = value && otherwise && convert(otherwise, value.type);
    if (!value || (otherwise && !beyond)) return undefined;
    const args = [value.sql, `CAST(${offset?.sql ?? "1"} AS INTEGER)`, ...(beyond ? [beyond.sql] : [])];
    const sql = `${sqlFunction}(${args.join(", ")}) OVER (${over})`;
    return scalar(value.type, value.type === "string" ? `coalesce(${sql}, '')` : sql);
  };

const rowNumber: WindowFunction = ([start, ...others], over) =>
  others.length > 0 ? undefined : scalar("long", `(row_number() OVER (${over}) + ${start?.sql ?? "1"} - 1)`);

/** The functions of sorted rows that the engine covers, by name. */
export const windowFunctions: Record<string, WindowFunction> = {
  prev: shifted("lag"),
  next: shifted("lead"),
  row_number: rowNumber,
};
