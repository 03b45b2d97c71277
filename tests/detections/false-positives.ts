import { parseArgs } from "node:util";
import { engineOf, found, quietCluster } from "./support.js";

// How often detections find something in ordinary traffic: generated clusters, each with days of history, looked at hour by
// hour over its last day. `npm run false-positives -- --flows 1000000`

const { values } = parseArgs({ options: { flows: { type: "string", default: "100000" } } });
const wanted = Number(values.flows);
const counts = new Map<string, number>();
let flows = 0;
for (let seed = 1000; flows < wanted; seed++) {
  const engine = await engineOf(quietCluster(seed, { days: 6, visits: 200, hours: 24 }));
  flows += await engine.count();
  for (let ago = 24; ago > 0; ago--) {
    const range = `ago(${ago}h), ago(${ago - 1}h)`;
    for (const { Detection, Source, Target, Detail } of await found(engine, `HubbleDetections(${range})`)) {
      counts.set(String(Detection), (counts.get(String(Detection)) ?? 0) + 1);
      console.log(
        `seed ${seed}, ${ago} h before the end: ${String(Detection)}, ${String(Source)}, ${String(Target)}, ${String(Detail)}`,
      );
    }
  }
  engine.close();
  console.log(`${flows.toLocaleString("en-US")} flows, findings: ${JSON.stringify(Object.fromEntries(counts))}`);
}
