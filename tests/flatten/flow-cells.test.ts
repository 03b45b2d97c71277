import { describe, expect, it } from "vitest";
import { flowCells } from "../../tools/flatten/flow-cells.js";

function cells(columns: Record<string, unknown>) {
  return flowCells({
    kind: "flow",
    json: JSON.stringify(columns),
    time: { seconds: 1737619163, nanoseconds: 501253423 },
  });
}

describe("an endpoint's name", () => {
  it.each([
    [
      { SourceNamespace: "shop", SourcePodName: "cart-0", SourceServiceName: "cart", SourceIP: "10.0.0.1" },
      "shop/cart-0",
    ],
    [{ SourcePodName: "cart-0" }, "cart-0"],
    [{ SourceServiceNamespace: "shop", SourceServiceName: "cart", SourceNames: ["x"] }, "shop/cart"],
    [{ SourceNames: ["api.example", "b.example"], SourceIP: "192.0.2.1" }, "api.example"],
    [{ SourceLabels: ["reserved:world-ipv4"], SourceIP: "192.0.2.1" }, "192.0.2.1"],
    [{ SourceLabels: ["reserved:host", "reserved:kube-apiserver"], SourceIP: "10.0.0.1" }, "kube-apiserver 10.0.0.1"],
    [{ SourceIP: "2001:db8::1", SourcePort: 443 }, "[2001:db8::1]"],
    [{ SourceIP: "2001:db8::1" }, "2001:db8::1"],
    [{}, ""],
  ])("of %o", (columns, name) => {
    expect(cells(columns).source.name).toBe(name);
  });
});

describe("what was seen", () => {
  it.each([
    [{ EventType: 1 }, "drop"],
    [{ EventType: 4, TraceObservationPoint: "TO_ENDPOINT" }, "to-endpoint"],
    [{ EventType: 4 }, "trace"],
    [{ EventType: 5 }, "policy-verdict"],
    [{ EventType: 7, SockXlatePoint: "SOCK_XLATE_POINT_PRE_DIRECTION_FWD" }, "pre-xlate-fwd"],
    [{ EventType: 129, L7Type: "REQUEST", DNSQuery: "a." }, "dns-request"],
    [{ EventType: 129, L7Type: "RESPONSE", HTTPCode: 200 }, "http-response"],
    [{ EventType: 3, DebugCapturePoint: "DBG_CAPTURE_PROXY_POST" }, "dbg-capture-proxy-post"],
    [{ EventType: 77 }, "event 77"],
    [{}, ""],
  ])("in %o", (columns, event) => {
    expect(cells(columns).event).toBe(event);
  });
});

describe("the summary", () => {
  it.each([
    [{ Summary: "TCP Flags: SYN", TCPFlags: "ACK" }, "TCP Flags: SYN"],
    [{ TCPFlags: "SYN,ACK" }, "TCP Flags: SYN,ACK"],
    [{ HTTPCode: 503, HTTPMethod: "GET", HTTPURL: "http://cart/" }, "503 GET http://cart/"],
    [{ DNSQuery: "example.com." }, "example.com."],
    [{}, ""],
  ])("of %o, which a field mask may have left without one", (columns, summary) => {
    expect(cells(columns).summary).toBe(summary);
  });
});

it("knows the server's side from the direction of the reply", () => {
  const sides = ({ source, destination }: ReturnType<typeof cells>) => [source.isServer, destination.isServer];
  expect(sides(cells({ Reply: true }))).toEqual([true, false]);
  expect(sides(cells({ Reply: false }))).toEqual([false, true]);
  expect(sides(cells({}))).toEqual([false, true]);
});

it("shows times in UTC to the millisecond, the record's where the row has none", () => {
  expect(cells({ TimeGenerated: "2025-01-23T08:59:23.5012534+01:00" }).time).toBe("2025-01-23 07:59:23.501");
  expect(cells({}).time).toBe("2025-01-23 07:59:23.501");
});

it("names a drop by its number where the flow has no name for it", () => {
  expect(cells({ DropReasonCode: 181 }).dropReason).toBe("reason 181");
  expect(cells({ DropReasonCode: 181, DropReason: "POLICY_DENY" }).dropReason).toBe("POLICY_DENY");
});
