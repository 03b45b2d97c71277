import type { Random } from "./random.js";
import { brokenValues, names, values } from "./seeds.js";

const tokenPattern = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\s+|"/gs;

/** The tokens of JSON text, or of what is left of it: together they are the text. */
export function tokensOf(text: string): string[] {
  return text.match(tokenPattern) ?? [];
}

/** The end of the value that starts at `start`: the index behind its last token. */
function valueEnd(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth <= 0) return i + 1;
  }
  return tokens.length;
}

/** Changes JSON text at one to three places, most often so that it stays JSON. */
export function mutateText(text: string, others: readonly string[], random: Random): string {
  const tokens = tokensOf(text);
  for (let count = 1 + random.below(3); count > 0; count--) mutateTokens(tokens, others, random);
  return tokens.join("");
}

function mutateTokens(tokens: string[], others: readonly string[], random: Random): void {
  if (tokens.length === 0) tokens.push("{", "}");
  const at = random.below(tokens.length);
  const isKey = tokens[at + 1] === ":";
  switch (random.below(isKey || !random.oneIn(4) ? 12 : 16)) {
    case 0: // a member away, or a token
      if (isKey) tokens.splice(at, valueEnd(tokens, at + 2) - at + (tokens[valueEnd(tokens, at + 2)] === "," ? 1 : 0));
      else if (random.oneIn(4)) tokens.splice(at, 1);
      break;
    case 1: // another name
    case 2:
      tokens[isKey ? at : nextKey(tokens, at)] = nameToken(random);
      break;
    case 3: // another value for a key
    case 4:
    case 5: {
      const start = nextKey(tokens, at) + 2;
      if (start < tokens.length) tokens.splice(start, valueEnd(tokens, start) - start, randomValue(random));
      break;
    }
    case 6: // one more member
    case 7: {
      const brace = tokens.indexOf("{", at);
      if (brace < 0) break;
      const member = [nameToken(random), ":", randomValue(random)];
      if (tokens[brace + 1] !== "}") member.push(",");
      tokens.splice(brace + 1, 0, ...member);
      break;
    }
    case 8: {
      // the same member once more, somewhere
      const key = nextKey(tokens, at);
      const member = tokens.slice(key, valueEnd(tokens, key + 2));
      const brace = tokens.indexOf("{", random.below(tokens.length));
      if (brace >= 0 && member.length > 2)
        tokens.splice(brace + 1, 0, ...member, ...(tokens[brace + 1] === "}" ? [] : [","]));
      break;
    }
    case 9: // an event in an event
      tokens[at] = random.oneIn(2) ? random.pick(others) : JSON.stringify(random.pick(others));
      break;
    case 10: // white space
      tokens.splice(at, 0, random.pick([" ", "\n", "\t\r\n", "  \n  "]));
      break;
    case 11: // escapes where none are needed
      if (tokens[at]!.startsWith('"')) tokens[at] = escapeSome(tokens[at]!, random);
      break;
    case 12: // cut off
      tokens.length = at;
      break;
    case 13: // two tokens change places
      [tokens[at], tokens[random.below(tokens.length)]] = [tokens[random.below(tokens.length)]!, tokens[at]!];
      break;
    case 14: // a part of another text
      tokens.splice(
        at,
        random.below(4),
        ...tokensOf(random.pick(others)).slice(random.below(50), 50 + random.below(50)),
      );
      break;
    default:
      tokens[at] = random.pick(["{", "}", "[", "]", ",", ":", '"', ...brokenValues]);
  }
}

function nextKey(tokens: readonly string[], at: number): number {
  const colon = tokens.indexOf(":", at);
  return Math.max(colon - 1, 0);
}

function randomValue(random: Random): string {
  return random.pick(random.oneIn(16) ? brokenValues : values);
}

function nameToken(random: Random): string {
  const token = JSON.stringify(random.pick(names));
  return random.oneIn(8) ? escapeSome(token, random) : token;
}

/** Writes some characters of a string in JSON as `\uXXXX`. */
function escapeSome(token: string, random: Random): string {
  const every = 1 + random.below(8);
  return token.replace(/[a-zA-Z0-9/._]/g, (character, offset: number) => {
    if (
      offset === 0 ||
      token[offset - 1] === "\\" ||
      /\\u[0-9a-fA-F]{0,3}$/.test(token.slice(Math.max(0, offset - 5), offset))
    ) {
      return character;
    }
    return random.oneIn(every) ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : character;
  });
}

const criPrefixes = [
  "2025-01-02T03:04:05.123456789Z stdout F ",
  "2025-01-02T03:04:05Z stderr P ",
  "9 stdout F",
  " \t\n",
  "2025 stdout X ",
];
const textKeys = ["log", "log", "log", "message", "message", "LogMessage", "MESSAGE", "msg"];

/** Puts an event's text into a record, in one of the ways in which Fluent Bit hands it over. */
export function wrap(text: string, others: readonly string[], random: Random): string {
  const line = random.oneIn(8) ? random.pick(criPrefixes) + text : text;
  switch (random.below(10)) {
    case 0: // merged
      return text;
    case 1: // merged, with keys of the record's own
      return text.replace("{", `{"stream":"stdout",${nameToken(random)}:${randomValue(random)},`);
    case 2: // merged one level down
      return `{"time":"x",${nameToken(random)}:${text},"a":1}`;
    case 3: // two texts
      return `{${JSON.stringify(random.pick(textKeys))}:${textToken(line, random)},"${random.pick(textKeys)}":${textToken(random.pick(others), random)}}`;
    case 4: // merged beside its text
      return text.replace("{", `{"log":${textToken(line, random)},`);
    case 5: // among other keys
      return `{"time":"2025-01-02T03:04:05Z",${nameToken(random)}:${randomValue(random)},"${random.pick(textKeys)}":${textToken(line, random)},${nameToken(random)}:${randomValue(random)}}`;
    case 6:
      return `{"time":"2025-01-02T03:04:05Z","stream":"stdout","logtag":"F","message":${textToken(line, random)}}`;
    default:
      return `{"${random.pick(textKeys)}":${textToken(line, random)}}`;
  }
}

function textToken(text: string, random: Random): string {
  const token = JSON.stringify(text);
  if (random.oneIn(16)) return escapeSome(token, random);
  // Fluent Bit 4 and later spell out what is not ASCII.
  return random.oneIn(2)
    ? token.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    : token;
}

const fragments = [
  ...['"', "\\", "{", "}", "[", "]", ":", ",", '\\"', '\\\\\\"', "\\u0022", "\\ud800", "\\u", "null", "\u0000", "\n"],
  ...[
    '{"flow":{',
    '\\"flow\\":{',
    '"log":"',
    '"}',
    "}}",
    '{\\"flow',
    "AdditionalFields",
    '"l4":{"TCP":{',
    "Z stdout F {",
  ],
].map((fragment) => Buffer.from(fragment));
fragments.push(
  Buffer.from([0xff]),
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xf4, 0x90, 0x80, 0x80]),
);

/** Changes bytes at one to eight places. */
export function mutateBytes(record: Buffer, random: Random): Buffer {
  let bytes = record;
  for (let count = 1 + random.below(8); count > 0; count--) bytes = mutateOnce(bytes, random);
  return bytes;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = Math.min(1 + random.below(random.oneIn(4) ? 64 : 4), bytes.length - at);
  switch (random.below(7)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 3:
    case 4:
      return Buffer.concat([bytes.subarray(0, at), random.pick(fragments), bytes.subarray(at)]);
    default: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = random.oneIn(2) ? copy[at]! ^ (1 << random.below(8)) : random.below(256);
      return copy;
    }
  }
}

/** Bytes without any plan. */
export function anyBytes(random: Random): Buffer {
  if (random.oneIn(2)) return Buffer.concat(Array.from({ length: random.below(40) }, () => random.pick(fragments)));
  return Buffer.from(Array.from({ length: random.below(200) }, () => random.below(256)));
}

/** A record of about `size` bytes that repeats one thing: a text, a member, a label. */
export function largeRecord(size: number, random: Random): Buffer {
  const [start, piece, end] = random.pick(largeShapes);
  const text = start + piece.repeat(Math.ceil(size / piece.length)) + end;
  const record = random.oneIn(2) ? text : JSON.stringify({ log: text });
  return Buffer.from(record);
}

/** The densest of each kind: what takes the filter the most memory for each byte. */
export const largeShapes: readonly (readonly [start: string, piece: string, end: string])[] = [
  ['{"flow":{"l7":{"http":{"url":"', "x", '"}}}}'],
  ['{"flow":{"Summary":"', "\\n", '"}}'],
  ['{"flow":{"source":{"labels":["', '","', '"]}}}'],
  ['{"flow":{', '"":1,', '"a":1}}'],
  ['{"flow":{"l4":{"TCP":{"flags":{', '"":1,', '"a":1}}}}}'],
  ['{"flow":{"l4":{"TCP":{"flags":{', '"":true,', '"a":true}}}}}'],
  ['{"flow":{"l7":{"http":{', '"":{},', '"url":"x"}}}}'],
  ['{"flow":{},', '"":1,', '"a":1}'],
  ['{"flow":{},', '"\\u0061":1,', '"a":1}'],
  ['{"lost_events":{', '"":1,', '"a":1}}'],
  ['{"flow":{"x":"', "\\ud800", '"}}'],
  ['{"flow":"', "\\u0000", '"'],
  ["", "[", ""],
  ['{"flow":', '{"flow":', "{}"],
  ['{"flow":{"x":', "[", "]}}"],
];
