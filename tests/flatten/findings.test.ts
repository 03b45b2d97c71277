import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { formatEnding } from "../../tools/flatten/ending.js";
import { FindingsCounter, type Finding } from "../../tools/flatten/findings.js";
import { flattenLog, noLines, type Row } from "../../tools/flatten/flatten-log.js";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import { packageFile } from "../../tools/package-file.js";
import { randomFlows } from "../kql/random-flows.js";
import { dnsFailures } from "../kql/reference/dns.js";
import { deniedFlows, droppedFlows } from "../kql/reference/drops.js";
import { ticksOf, type Answer, type Flow } from "../kql/reference/flow.js";
import { httpErrors } from "../kql/reference/http.js";

async function sampleRows(): Promise<Row[]> {
  const bytes = createReadStream(fileURLToPath(packageFile("fluent-bit/sample/cilium-agent.log")));
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_flows" });
  const rows: Row[] = [];
  for await (const row of flattenLog({ name: "sample", bytes }, host, noLines())) rows.push(row);
  return rows;
}

const rowOf = (flow: Flow): Row => ({
  kind: flow["ParseError"] ? "unreadable" : flow["ExportEvent"] ? "exportEvent" : "flow",
  json: JSON.stringify(flow),
  time: { seconds: 0, nanoseconds: 0 },
});

function found(rows: Iterable<Row>) {
  const counter = new FindingsCounter();
  for (const row of rows) counter.add(row);
  return counter.get();
}

const lines = (findings: Finding[]) =>
  findings.map(({ count, source, destination, port, what }) => `${count} ${source} > ${destination}:${port} ${what}`);

describe("of the sample log", () => {
  it("who was blocked, each packet once, counted by hand", async () => {
    const { blocked, dropped, failedNames, httpErrors: errors, isBounded } = found(await sampleRows());
    expect(lines(blocked).sort()).toEqual(
      [
        "6 shop/checkout-859b6d4f7c-2nv8j > 203.0.113.92:443 deny-blocked-ranges POLICY_DENY",
        "2 sandbox/netshoot > paste.example.net (203.0.113.14):443 deny-blocked-ranges POLICY_DENY",
        "2 sandbox/netshoot > shop/cart-5c8d7f9b6d-tq9zx:8080 POLICY_DENIED",
        "1 sandbox/netshoot > 203.0.113.92: deny-blocked-ranges POLICY_DENY",
        "1 sandbox/netshoot > 203.0.113.92:4444 deny-blocked-ranges POLICY_DENY",
        "1 sandbox/netshoot > shop/storefront-6f7c9d5b8-r4k2m:9229 POLICY_DENIED",
        "1 shop/checkout-859b6d4f7c-2nv8j > time.example.org (192.0.2.123):123 POLICY_DENIED",
        "1 messaging/sms-gateway-6c5f7d9f4-lm2bd > 192.0.2.210:3868 POLICY_DENIED",
        "1 shop/checkout-859b6d4f7c-2nv8j > [2001:db8:bad::14]:443 deny-blocked-ranges POLICY_DENY",
        "1 shop/storefront-6f7c9d5b8-r4k2m > shop/cart-5c8d7f9b6d-tq9zx:8080 L7_DENIED",
      ].sort(),
    );
    expect(blocked[0]!.count).toBe(6);
    expect(lines(dropped)).toEqual([
      "1 fe80::74c1:2bff:fe9a:d10e > ff02::2: INVALID_SOURCE_IP",
      "1 shop/storefront-6f7c9d5b8-r4k2m > 10.244.2.66:8080 FIB_LOOKUP_FAILED",
      "1 shop/storefront-6f7c9d5b8-r4k2m > shop/recommender:9090 SERVICE_BACKEND_NOT_FOUND",
    ]);
    // paste.example.net was tried with three search domains, and found.
    expect(failedNames).toEqual([]);
    expect(lines(errors)).toEqual([
      "1 shop/storefront-6f7c9d5b8-r4k2m > shop/catalog-7b64f8c97-hw6pv:8080 404 GET /v2/products/88120/image",
      "1 shop/storefront-6f7c9d5b8-r4k2m > shop/cart-5c8d7f9b6d-tq9zx:8080 503 POST /api/cart/7731/items",
      "1 shop/storefront-6f7c9d5b8-r4k2m > shop/cart-5c8d7f9b6d-tq9zx:8080 500 GET /api/cart/7731",
    ]);
    expect(isBounded).toBe(false);
  });

  it.each([60, 80, 120])("a few lines in %i columns, the blocked address whole", async (width) => {
    const counter = new FindingsCounter();
    for (const row of await sampleRows()) counter.add(row);
    let text = "";
    for await (const chunk of formatEnding(counter, { width, color: false })) text += chunk;
    expect(text).toMatch(/^6 +shop.* +203\.0\.113\.92:443 +deny-blocked-r/m);
    expect(text).toContain("(203.0.113.14):443");
    expect(text).toContain("… and 5 more");
    if (width >= 80) for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(width);
  });
});

describe("counts as the functions in adx/ do", () => {
  const range = { start: ticksOf("2020-01-01T00:00:00Z"), end: ticksOf("2030-01-01T00:00:00Z") };
  const sum = (findings: Finding[]) => findings.reduce((total, { count }) => total + count, 0);
  const total = (answers: Answer[], column: string) => answers.reduce((all, one) => all + (one[column] as number), 0);

  it.each([1, 2, 3, 4, 5])("flows made by chance, %i", (seed) => {
    const flows = randomFlows(seed, 300).sort((a, b) =>
      (a["TimeGenerated"] as string) < (b["TimeGenerated"] as string) ? -1 : 1,
    );
    const { blocked, dropped, failedNames, httpErrors: errors } = found(flows.map(rowOf));
    const denied = deniedFlows(flows, range).reduce((all, { packets }) => all + packets, 0);
    const drops = droppedFlows(flows, range).reduce((all, { packets }) => all + packets, 0);
    expect([sum(blocked), sum(blocked) + sum(dropped)]).toEqual([denied, drops]);
    expect(sum(errors)).toBe(total(httpErrors(flows, range), "Errors"));
    expect(sum(failedNames)).toBe(total(dnsFailures(flows, range), "Failures"));
  });
});

describe("hostile flows", () => {
  const flow = (more: Flow): Flow => ({
    TimeGenerated: "2026-03-04T09:00:00Z",
    Verdict: "DROPPED",
    EventType: 1,
    DropReason: "POLICY_DENY",
    SourceIP: "10.0.0.1",
    ...more,
  });

  it("are told apart up to a bound, and it is said", () => {
    const { blocked, isBounded } = found(
      (function* () {
        for (let i = 0; i < 30_000; i++)
          yield rowOf(flow({ DestinationIP: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }));
      })(),
    );
    expect(blocked).toHaveLength(20_000);
    expect(isBounded).toBe(true);
  });

  it("stay text", async () => {
    const counter = new FindingsCounter();
    counter.add(
      rowOf(flow({ SourcePodName: "\u001b[2Ja\nb", DestinationNames: ["\u202eevil"], PolicyName: "\u0007" })),
    );
    let text = "";
    for await (const chunk of formatEnding(counter, { width: 100, color: false })) text += chunk;
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text).toContain("\\x1b[2Ja\\nb");
  });

  it("nothing is said where nothing went wrong", async () => {
    let text = "";
    for await (const chunk of formatEnding(new FindingsCounter(), { color: false })) text += chunk;
    expect(text).toBe("");
  });
});
