export {
  FilterHost,
  filterFunctions,
  readFilterModule,
  type FilterHostOptions,
  type RecordBody,
  type RecordContext,
} from "./host.js";
export { readLog, toRecord, type LogLine } from "./logs/read-log.js";
export { decodeLog, openLog } from "./logs/open-log.js";
export type { Timestamp } from "./logs/timestamp.js";
export { expandPath, loadSchema, type AdxType, type Column, type Rule, type Schema } from "./schema.js";
export { UserError } from "./user-error.js";
