import { enumNumber } from "./event.js";
import type { Json } from "./event.js";
import { FieldMask } from "./mask.js";

const INGRESS = 1;
const EGRESS = 2;

/**
 * The exporter's aggregation (pkg/hubble/exporter/aggregator.go of Cilium 1.20.2): flows that agree in some fields
 * become one in each interval, with the time of the first and how many there were. Intervals are counted from the first
 * flow; Cilium's begin when the flow log does.
 */
export class Aggregation {
  readonly #mask: FieldMask;
  readonly #interval: number;
  #groups = new Map<string, { flow: Json; counts: [unknown: number, ingress: number, egress: number] }>();
  #ends: number | undefined;

  /** @param intervalMs above 0. */
  constructor(fields: readonly string[], intervalMs: number) {
    this.#mask = new FieldMask(fields);
    this.#interval = intervalMs;
  }

  /**
   * Counts a flow.
   * @param timeMs when it was seen; NaN counts it in the interval that is.
   * @returns the flows of the interval that ended before it.
   */
  add(flow: Json, timeMs: number): Json[] {
    if (Number.isNaN(timeMs)) timeMs = this.#ends === undefined ? 0 : this.#ends - 1;
    this.#ends ??= timeMs + this.#interval;
    const done = timeMs >= this.#ends ? this.end() : [];
    while (timeMs >= this.#ends) this.#ends += Math.ceil((timeMs - this.#ends + 1) / this.#interval) * this.#interval;
    const kept = this.#mask.copyNew(flow);
    const key = JSON.stringify(kept);
    const group = this.#groups.get(key) ?? { flow: { ...kept, time: flow["time"] }, counts: [0, 0, 0] };
    this.#groups.set(key, group);
    const direction = enumNumber("flow.TrafficDirection", flow["traffic_direction"]);
    group.counts[direction === INGRESS ? 1 : direction === EGRESS ? 2 : 0] += 1;
    return done;
  }

  /** The flows of the interval that is; it is empty then. */
  end(): Json[] {
    const groups = [...this.#groups.values()];
    this.#groups = new Map();
    return groups.map(({ flow, counts: [unknown, ingress, egress] }) => ({
      ...flow,
      aggregate: {
        ...(ingress > 0 ? { ingress_flow_count: ingress } : {}),
        ...(egress > 0 ? { egress_flow_count: egress } : {}),
        ...(unknown > 0 ? { unknown_direction_flow_count: unknown } : {}),
      },
    }));
  }
}
