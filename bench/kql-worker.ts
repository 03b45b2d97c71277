import { noLines } from "../tools/flatten/flatten-log.js";
import { Engine } from "../tools/kusto/engine.js";
import { loadLog } from "../tools/kusto/load.js";
import type { KqlCost } from "./kql.js";

// The flows of the bench lie within a day.
const functions = [
  "HubbleDeniedEgress(ago(2d), now())",
  "HubbleDrops(ago(2d), now())",
  "HubbleTopTalkers(ago(2d), now())",
  "HubblePolicyVerdicts(ago(2d), now())",
  "HubblePodConnections(ago(2d), now(), 'shop', 'cart')",
  "HubbleFirstSeenDestinations(ago(1h), now())",
  "HubbleDnsFailures(ago(2d), now())",
  "HubbleDnsSearchMisses(ago(2d), now())",
  "HubbleDnsLatency(ago(2d), now())",
  "HubbleHttpErrors(ago(2d), now())",
  "HubbleHttpLatency(ago(2d), now())",
  "HubbleFlowCounts(ago(2d), now())",
];

const engine = await Engine.open();
await loadLog(engine, { path: process.argv[2]! }, noLines());
const loadSeconds = process.uptime();
let slowest = { name: "", milliseconds: 0 };
for (const kql of functions) {
  const start = performance.now();
  await engine.query(kql);
  const milliseconds = performance.now() - start;
  if (milliseconds > slowest.milliseconds) slowest = { name: kql.replace(/\(.*/, ""), milliseconds };
}
const cost: Omit<KqlCost, "flows"> = {
  loadSeconds,
  slowest: slowest.name,
  slowestMilliseconds: slowest.milliseconds,
  peakMebibytes: process.resourceUsage().maxRSS / 1024,
};
console.log(JSON.stringify(cost));
engine.close();
