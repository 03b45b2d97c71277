import { loadSchema } from "../../tools/schema.js";

/** What an attacker may write into a name, a URL or a header. */
export const payloads = [
  `<img src=x onerror="window.ran=1">`,
  `"><script>window.ran=1</script>`,
  `</script><script>window.ran=1</script><!--<script>`,
  `javascript:window.ran=1`,
  `<a href="javascript:window.ran=1" style="position:fixed;inset:0">x</a>`,
  `<svg onload=window.ran=1><style>@import url(https://example.org/x)</style>`,
  `{a|b}{value}\${window.ran=1}{{constructor.constructor('window.ran=1')()}}`,
  "\u202egnp.exe\u2066\u0000\u001b[31m\u200b\ufeff\n\t",
  "__proto__",
  `<b>${"x".repeat(10_000)}`,
];

// What tiles choose rows by; all other columns are the attacker's.
const shapes = [
  {
    Verdict: "DROPPED",
    FlowType: "L3_L4",
    TrafficDirection: "EGRESS",
    EventType: 1,
    DropReason: "POLICY_DENIED",
    DropReasonCode: 133,
  },
  { Verdict: "FORWARDED", FlowType: "L7", L7Type: "RESPONSE", DNSQuery: "", HTTPCode: 503, HTTPMethod: "GET" },
  {
    Verdict: "FORWARDED",
    FlowType: "L7",
    L7Type: "RESPONSE",
    DNSResponseCode: 3,
    HTTPUrl: "",
    HTTPMethod: "",
    HTTPProtocol: "",
  },
  {},
  { ExportEvent: "", ParseError: "" },
  { ExportEvent: "" },
];

const megabyte = `<b>${"x".repeat(1 << 20)}`;
const large = { HTTPUrl: `https://x/${megabyte}`, DestinationPodName: megabyte, SourcePodName: megabyte };

/** Rows for every kind of tile, with those texts in every column, as JSON objects. */
export function hostileRows(): string[] {
  const rows: string[] = [];
  const { columns } = loadSchema();
  let next = 0;
  for (const shape of shapes) {
    for (let index = 0; index < payloads.length; index += 1) {
      const row: Record<string, unknown> = {};
      for (const { name, type } of columns) {
        const payload = payloads[(next += 1) % payloads.length]!;
        if (type === "string") row[name] = payload;
        else if (type === "dynamic") row[name] = [payload];
      }
      const time = `2026-03-04T09:1${index % 10}:00.0000000Z`;
      rows.push(JSON.stringify({ ...row, ...shape, ...(index === 0 ? large : {}), TimeGenerated: time }));
    }
  }
  return rows;
}
