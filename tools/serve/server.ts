import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { loadDashboard, type DashboardSource, type QueryTile } from "../dashboard/source.js";
import { runnableQuery, type Choices } from "../dashboard/tile-query.js";
import { KustoError } from "../kusto/error.js";
import { formatResults } from "../kusto/output.js";
import { splitText } from "../kusto/split.js";
import type { KustoResult } from "../kusto/result.js";
import { packageFile } from "../package-file.js";
import { answerTile, shortened } from "../report/results.js";
import { choicesOf, ranges } from "./choices.js";
import { completions, problems } from "./editor.js";
import type { LiveFlows } from "./live-flows.js";
import { Preparation } from "./preparation.js";

const mostBodyBytes = 1 << 20;
const mostMilliseconds = 30_000;

/** What ends a request with a status other than 200. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Answers the page's requests. Whoever can make a browser here load a page of theirs must not get at the flows: only
 * loopback names are taken as `Host`, which ends DNS rebinding, and no request that another origin has caused.
 * @param sources what the page names as the origin of the flows.
 */
export function requestListener(flows: LiveFlows, sources: string[]): RequestListener {
  const app = new App(flows, sources, loadDashboard());
  return (request, response) => {
    const answer = () => app.answer(request, response);
    // The page looks again and again how things stand, and nobody waits for that; but while a log is read, memory is short.
    const isLook = request.url === "/api/state" && !flows.state.isReading;
    const answered = isLook ? answer() : app.preparation.during(answer);
    answered.catch((error: unknown) => {
      const status = error instanceof Refusal ? error.status : error instanceof KustoError ? 400 : 500;
      if (status === 500) console.error(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, { error: (error as Error).message }, status);
    });
  };
}

class App {
  readonly preparation: Preparation;

  constructor(
    readonly flows: LiveFlows,
    readonly sources: string[],
    readonly dashboard: DashboardSource,
  ) {
    this.preparation = new Preparation(flows.engine, dashboard);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkCaller(request);
    const url = new URL(request.url ?? "/", "http://localhost");
    const [, root = "", ...rest] = url.pathname.split("/");
    if (request.method === "POST") {
      const body = await readBody(request);
      if (url.pathname === "/api/query") return this.query(body, response);
      if (url.pathname === "/api/complete") {
        const position = Number(body.position) || 0;
        return sendJson(response, completions(textOf(body.kql), position, this.flows.engine.database));
      }
      if (url.pathname === "/api/check")
        return sendJson(response, problems(textOf(body.kql), this.flows.engine.database));
      throw new Refusal(404, "there is no such address");
    }
    if (request.method !== "GET" && request.method !== "HEAD") throw new Refusal(405, "GET and POST only");
    if (url.pathname === "/") return sendPage(response);
    if (url.pathname === "/live.js") return sendFile(response, "live.js", "text/javascript");
    if (url.pathname === "/page.css") return sendFile(response, "page.css", "text/css");
    if (root !== "api") throw new Refusal(404, "there is no such address");
    const [kind, ...names] = rest;
    if (kind === "dashboard") return sendJson(response, this.frame());
    if (kind === "state") return sendJson(response, this.flows.state);
    const choices = choicesOf(url.searchParams, this.dashboard, this.flows.state.oldest);
    if (!choices) throw new Refusal(400, "a time range of the address is malformed");
    if (kind === "values") return this.values(names[0] ?? "", choices, response);
    const tile = this.tile(names[0], Number(names[1]));
    if (kind === "tile") {
      const answered = await this.run(response, () => answerTile(this.flows.engine, this.dashboard, tile, choices));
      void this.preparation.run(choices, !this.flows.state.isReading);
      return sendJson(response, answered);
    }
    if (kind === "download") {
      const results = await this.run(response, () =>
        this.flows.engine.query(runnableQuery(this.dashboard, tile.query, choices)),
      );
      return sendDownload(response, results.slice(-1), url.searchParams.get("format"));
    }
    throw new Refusal(404, "there is no such address");
  }

  /** The dashboard without its answers. */
  frame() {
    const { title, pages, parameters } = this.dashboard;
    return {
      title,
      sources: this.sources,
      keep: this.flows.keep,
      ranges,
      parameters: parameters.map(({ name, variable, description, query }) => ({
        name,
        key: variable.slice(1),
        description,
        isList: query !== undefined,
      })),
      pages: pages.map((page) => ({
        key: page.key,
        name: page.name,
        tiles: page.tiles.map((tile) => {
          if (!("query" in tile)) return tile;
          return { ...tile, query: undefined };
        }),
      })),
    };
  }

  tile(key: string | undefined, index: number): QueryTile {
    const tile = this.dashboard.pages.find((page) => page.key === key)?.tiles[index];
    if (!tile || !("query" in tile)) throw new Refusal(404, "there is no such tile");
    return tile;
  }

  async values(key: string, choices: Choices, response: ServerResponse): Promise<void> {
    const parameter = this.dashboard.parameters.find(({ variable }) => variable === `_${key}`);
    if (!parameter?.query) throw new Refusal(404, "there is no such parameter");
    const kql = runnableQuery(this.dashboard, parameter.query, choices);
    const [result] = await this.run(response, () => this.flows.engine.query(kql));
    sendJson(
      response,
      result!.rows.map(([value]) => String(value)),
    );
  }

  async query(body: Record<string, unknown>, response: ServerResponse): Promise<void> {
    const text = textOf(body.kql);
    const { engine } = this.flows;
    const results = await this.run(response, async () => {
      const all: KustoResult[] = [];
      for (const each of splitText(text, engine.database)) all.push(...(await engine.query(each)));
      return all;
    });
    if (typeof body.format === "string") return sendDownload(response, results, body.format);
    sendJson(response, results.map(shortened));
  }

  /** Runs what asks the engine, for half a minute at most. */
  run<T>(response: ServerResponse, work: () => Promise<T>): Promise<T> {
    return this.flows.exclusive(async () => {
      if (response.destroyed) throw new Refusal(499, "nobody waits for the answer any more");
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        this.flows.engine.interrupt();
      }, mostMilliseconds);
      try {
        return await work();
      } catch (error) {
        if (isLate) throw new Refusal(503, `the query ran for more than ${mostMilliseconds / 1000} s`);
        throw error;
      } finally {
        clearTimeout(timer);
      }
    });
  }
}

function checkCaller({ headers, method }: IncomingMessage): void {
  const host = headers.host ?? "";
  if (!/^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host)) throw new Refusal(403, "only for this machine");
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) throw new Refusal(403, "only for this page");
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") throw new Refusal(403, "only for this page");
  // A form of another page could send no JSON without being asked first.
  if (method === "POST" && headers["content-type"] !== "application/json") throw new Refusal(415, "JSON only");
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= mostBodyBytes) chunks.push(chunk);
  }
  // Only here: a refusal while the rest still comes would not be read.
  if (bytes > mostBodyBytes) throw new Refusal(413, "the query is longer than 1 MB");
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new Refusal(400, "no JSON object");
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Refusal(400, "kql is no text");
  return value;
}

const common = {
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { ...common, "Content-Type": "application/json" }).end(JSON.stringify(value));
}

function sendFile(response: ServerResponse, name: string, type: string): void {
  const text = readFileSync(packageFile(`build/tools/web/${name}`));
  response.writeHead(200, { ...common, "Content-Type": `${type}; charset=utf-8` }).end(text);
}

function sendPage(response: ServerResponse): void {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // The editor makes its style sheet by script.
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  const html = [
    "<!doctype html>",
    `<html lang="en">`,
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="color-scheme" content="light dark">`,
    `<meta name="style-nonce" content="${nonce}">`,
    `<link rel="icon" href="data:,">`,
    `<title>Hubble flows</title>`,
    `<link rel="stylesheet" href="page.css">`,
    `<body><noscript>This page draws its charts with its own script, which is switched off here.</noscript>`,
    `<script src="live.js"></script>`,
    "",
  ].join("\n");
  const headers = {
    ...common,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy.join("; "),
  };
  response.writeHead(200, headers).end(html);
}

async function sendDownload(response: ServerResponse, results: KustoResult[], format: string | null): Promise<void> {
  if (format !== "csv" && format !== "json") throw new Refusal(400, "format is csv or json");
  const type = format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson";
  response.writeHead(200, {
    ...common,
    "Content-Type": type,
    "Content-Disposition": `attachment; filename="flows.${format}"`,
  });
  for await (const text of formatResults(results, { format, escapeFormulas: true, width: undefined, color: false })) {
    response.write(text);
  }
  response.end();
}
