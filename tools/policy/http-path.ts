import type { HttpRequest as HttpRequestSeen } from "./sighting.js";

type HttpRequest = Pick<HttpRequestSeen, "method" | "path">;

const number = /^\d+$/;
const uuid = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const hexadecimal = /^[0-9a-fA-F]{8,}$/;

/**
 * HTTP rules for requests: the method, and the path with a pattern for each id (numbers, UUIDs, hexadecimal of eight
 * digits or more). A query may follow: Cilium matches it as part of the path, and Hubble may have taken it out.
 */
export function httpRules(requests: readonly HttpRequest[]): HttpRequest[] {
  const rules = new Map<string, HttpRequest>();
  for (const { method, path } of requests) {
    const rule = { method: escaped(method), path: `${path.split("/").map(segment).join("/")}(\\?.*)?` };
    rules.set(`${rule.method} ${rule.path}`, rule);
  }
  return [...rules.values()];
}

function segment(text: string): string {
  if (number.test(text)) return "[0-9]+";
  if (uuid.test(text)) return "[-0-9a-fA-F]{36}";
  if (hexadecimal.test(text)) return "[0-9a-fA-F]{8,}";
  return escaped(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
