import { Cluster, hour, linesOf, minute, ordinaryTraffic } from "./day.js";
import { incident } from "./incident.js";

const end = Date.parse("2026-03-04T10:00:00Z");

/** The sample with an incident, as the exporter's file: a day of little, six hours of more, and in the last one the incident. */
export function incidentSample(): string {
  const made = new Cluster(7);
  ordinaryTraffic(made, { from: end - 32 * hour, to: end - 6 * hour, visits: 4, probeEvery: 4 * hour });
  ordinaryTraffic(made, { from: end - 6 * hour, to: end, visits: 50, probeEvery: 30 * minute });
  incident(made, end - 50 * minute);
  return linesOf(made)
    .map(({ line }) => `${line}\n`)
    .join("");
}
