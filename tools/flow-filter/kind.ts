import { protocol } from "./protocol.js";
import { enumNumber, message, number, text } from "./event.js";
import type { ExportEvent } from "./event.js";

/** What an event is, in the words of `hubble observe`: `DROPPED drop`, `FORWARDED to-endpoint`, `FORWARDED dns`. */
export function kindOf({ kind, flow }: ExportEvent): string {
  if (!flow) return kind;
  const verdict = protocol.verdicts.find((one) => one.number === enumNumber("flow.Verdict", flow["verdict"]));
  const type = number(message(flow, "event_type"), "type");
  const name = protocol.eventTypes.find((one) => one.number === type)?.name ?? (type === 0 ? "" : `event ${type}`);
  const point = text(flow, "trace_observation_point").toLowerCase().replaceAll("_", "-");
  const l7 = message(flow, "l7");
  const spoken = ["dns", "http", "kafka"].find((one) => message(l7, one) !== undefined);
  const event = name === "trace" && point !== "" ? point : name === "l7" && spoken !== undefined ? spoken : name;
  return [verdict?.name ?? String(flow["verdict"]), event].filter((word) => word !== "").join(" ");
}
