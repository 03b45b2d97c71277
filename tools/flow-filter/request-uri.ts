import { isIPv6 } from "node:net";

/** Characters that a host may hold as they stand (net/url's encodeHost). */
const HOST = /^[-A-Za-z0-9_.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}]*$/u;
const USER = /^[-A-Za-z0-9_.:~!$&'()*+,;=%@]*$/;

/**
 * The path of a URL as Go's url.ParseRequestURI reads it, its escapes read too; undefined for what Go refuses.
 * Escaped bytes that are no UTF-8 become U+FFFD.
 */
export function requestPath(url: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- Go refuses them
  if (url === "" || /[\u0000-\u001f\u007f]/.test(url)) return undefined;
  if (url === "*") return "*";
  const [, scheme, afterScheme] = /^(?:([A-Za-z][-A-Za-z0-9+.]*):)?(.*)$/s.exec(url)!;
  if (scheme === undefined && url.startsWith(":")) return undefined;
  let rest = afterScheme!.split("?", 1)[0]!;
  if (!rest.startsWith("/")) return scheme === undefined ? undefined : "";
  if (scheme !== undefined && rest.startsWith("//")) {
    const [, authority, path] = /^\/\/([^/]*)(.*)$/s.exec(rest)!;
    if (!isAuthority(scheme.toLowerCase(), authority!)) return undefined;
    rest = path!;
  }
  return unescaped(rest);
}

function isAuthority(scheme: string, authority: string): boolean {
  const at = authority.lastIndexOf("@");
  if (at >= 0) {
    const user = authority.slice(0, at);
    if (!USER.test(user) || unescaped(user) === undefined) return false;
  }
  return isHost(scheme, authority.slice(at + 1));
}

function isHost(scheme: string, host: string): boolean {
  const bracket = host.lastIndexOf("[");
  if (bracket > 0) return false;
  if (bracket === 0) return isBracketed(host);
  const first = host.indexOf(":");
  // Only http and https have one colon at the most; databases have lists of hosts.
  const isStrict = scheme === "http" || scheme === "https";
  if (first >= 0 && !isOptionalPort(host.slice(isStrict ? first : host.lastIndexOf(":")))) return false;
  return isHostText(host);
}

/** `[address]` or `[address%25zone]`, with a port or without. */
function isBracketed(host: string): boolean {
  const close = host.lastIndexOf("]");
  if (close < 0 || !isOptionalPort(host.slice(close + 1))) return false;
  const inner = host.slice(1, close);
  const zone = inner.indexOf("%25");
  const [address, name] = zone < 0 ? [inner, undefined] : [inner.slice(0, zone), inner.slice(zone)];
  if (!isHostText(address) || (name !== undefined && !isZone(name))) return false;
  const plain = unescaped(address);
  if (plain === undefined || !isIPv6(plain) || plain.includes("%")) return false;
  return name === undefined || unescaped(name) !== "%";
}

function isOptionalPort(text: string): boolean {
  return /^(:\d*)?$/.test(text);
}

/** A host may escape only what is not ASCII, and a percent sign. */
function isHostText(text: string): boolean {
  const escapes = text.match(/%[^]{0,2}/g) ?? [];
  return escapes.every((one) => /^%([89a-f][0-9a-f]|25)$/i.test(one)) && HOST.test(text.replace(/%[^]{2}/g, ""));
}

/** A zone may escape what it may hold as it stands, a blank and a percent sign. */
function isZone(text: string): boolean {
  const escapes = text.match(/%[^]{0,2}/g) ?? [];
  const may = (one: string) => {
    const byte = /^%[0-9a-f]{2}$/i.test(one) ? Number.parseInt(one.slice(1), 16) : undefined;
    if (byte === undefined) return false;
    return byte === 0x25 || byte === 0x20 || (byte < 0x80 && HOST.test(String.fromCharCode(byte)));
  };
  return escapes.every(may) && HOST.test(text.replace(/%[^]{2}/g, ""));
}

/** A text with its escapes read; undefined where one is none. */
function unescaped(text: string): string | undefined {
  if (!text.includes("%")) return text;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return undefined;
  const bytes = [
    ...Buffer.from(text, "utf8")
      .toString("latin1")
      .matchAll(/%([0-9a-fA-F]{2})|[^]/g),
  ];
  return Buffer.from(
    bytes.map(([one, hex]) => (hex === undefined ? one.charCodeAt(0) : Number.parseInt(hex, 16))),
  ).toString("utf8");
}
