import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Duplex } from "node:stream";
import { gunzipSync } from "node:zlib";
import type { Certificates } from "./certificates.js";

export const hosts = {
  login: "login.microsoftonline.com",
  ingestion: "ingest-stand-in.westeurope.kusto.windows.net",
  blobs: "standin.blob.core.windows.net",
  queues: "standin.queue.core.windows.net",
};

export const identity = {
  tenant: "11111111-1111-1111-1111-111111111111",
  client: "22222222-2222-2222-2222-222222222222",
  secret: "a-secret",
  federatedToken: "a-federated-token",
};

/** The parts of Azure that the output needs, in the order in which it meets them. */
export type Part = "login" | "resources" | "blobs" | "queues";

/**
 * What a part does instead of answering: an HTTP status, a connection that is cut, an answer that never comes, or one
 * that is lost after the part has done its work.
 */
export type Outage = number | "cut" | "stall" | "lose answer";

/** What the output asks Azure Data Explorer to ingest. */
export interface IngestionMessage {
  BlobPath: string;
  RawDataSize: number;
  DatabaseName: string;
  TableName: string;
  AdditionalProperties: { format: string; authorizationContext: string; jsonMappingReference: string };
}

const blobSignature = "sv=2024-11-04&sr=c&sp=cw&sig=blob%2Fsignature%3D";
const queueSignature = "sv=2024-11-04&sp=a&sig=queue%2Fsignature%3D";

/**
 * A stand-in for Azure Data Explorer's queued ingestion and what it needs: login, the ingestion endpoint, blob and
 * queue storage, all on one address of the loopback, told apart by the host that is asked for. It checks tokens and
 * signatures, and answers in the form of the real services as far as Fluent Bit's azure_kusto looks at it.
 */
export class AdxStandIn {
  /** Outages under way. */
  readonly outages = new Map<Part, Outage>();
  /** Requests a part has got so far, those that met an outage too. */
  readonly requests: Record<Part, number> = { login: 0, resources: 0, blobs: 0, queues: 0 };
  readonly messages: IngestionMessage[] = [];
  readonly blobs = new Map<string, Buffer>();
  /** Uploads that took the place of a blob of the same name. */
  overwritten = 0;
  /** Requests that the real services would refuse, each with the reason. */
  readonly refused: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();

  private constructor(
    readonly address: string,
    certificates: Certificates,
  ) {
    this.#server = createServer({ key: certificates.key, cert: certificates.certificate }, (request, response) => {
      void this.#answer(request, response);
    });
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => {});
    });
    this.#server.on("tlsClientError", () => {});
  }

  /** Starts a stand-in on port 443, the one that the login host has in azure_kusto. */
  static async start(address: string, certificates: Certificates): Promise<AdxStandIn> {
    const standIn = new AdxStandIn(address, certificates);
    standIn.#server.listen(443, address);
    await once(standIn.#server, "listening");
    return standIn;
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  /**
   * What Azure Data Explorer would read: the values of the blobs that a message names, in the order of the messages.
   * @param from the message to begin with.
   */
  ingested(from = 0): Record<string, unknown>[] {
    return this.messages.slice(from).flatMap(({ BlobPath }) => {
      const blob = this.blobs.get(BlobPath);
      if (!blob) throw new Error(`a message names ${BlobPath}, which nobody has uploaded`);
      return readMultiJson(BlobPath.includes(".gz?") ? gunzipSync(blob) : blob);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The client has gone.
    }
    const url = new URL(request.url!, `https://${request.headers.host}`);
    const part = partOf(url.hostname);
    if (!part) return this.#refuse(response, 404, `nothing is at ${url.href}`);
    this.requests[part]++;
    const outage = this.outages.get(part);
    if (outage === "cut") return void request.socket.destroy();
    if (outage === "stall") return;
    if (typeof outage === "number") return send(response, outage, '{"error":"outage"}');
    const lost = outage === "lose answer";
    const body = Buffer.concat(chunks);
    const answer = this.#answers[part](request, url, body);
    if (lost) return void request.socket.destroy();
    if (typeof answer === "string") return this.#refuse(response, 400, answer);
    send(response, answer.status, answer.body ?? "");
  }

  #refuse(response: ServerResponse, status: number, reason: string): void {
    this.refused.push(reason);
    send(response, status, reason);
  }

  readonly #answers: Record<Part, (request: IncomingMessage, url: URL, body: Buffer) => Answer> = {
    login: (...of) => this.#login(...of),
    resources: (...of) => this.#resources(...of),
    blobs: (...of) => this.#upload(...of),
    queues: (...of) => this.#enqueue(...of),
  };

  #login(request: IncomingMessage, url: URL, body: Buffer): Answer {
    const form = new URLSearchParams(body.toString());
    const isKnown =
      form.get("client_secret") === identity.secret || form.get("client_assertion") === identity.federatedToken;
    if (request.method !== "POST" || url.pathname !== `/${identity.tenant}/oauth2/v2.0/token`)
      return `login: ${url.href}`;
    if (form.get("client_id") !== identity.client || !isKnown) return `login: ${body.toString()}`;
    return json({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: "an-access-token" });
  }

  #resources(request: IncomingMessage, url: URL, body: Buffer): Answer {
    if (request.headers.authorization !== "Bearer an-access-token") return "ingestion endpoint: no token";
    if (url.pathname !== "/v1/rest/mgmt") return `ingestion endpoint: ${url.href}`;
    const { csl } = JSON.parse(body.toString()) as { csl: string };
    if (csl === ".get kusto identity token") {
      return json(table(["AuthorizationContext"], [["an-identity-token"]]));
    }
    if (csl !== ".get ingestion resources") return `ingestion endpoint: ${csl}`;
    return json(
      table(
        ["ResourceTypeName", "StorageRoot"],
        [
          ["SuccessfulIngestionsQueue", `https://${hosts.queues}/successful?${queueSignature}`],
          ["TempStorage", `https://${hosts.blobs}/container?${blobSignature}`],
          ["SecuredReadyForAggregationQueue", `https://${hosts.queues}/ready?${queueSignature}`],
        ],
      ),
    );
  }

  #upload(request: IncomingMessage, url: URL, body: Buffer): Answer {
    if (request.method !== "PUT" || url.search !== `?${blobSignature}`) return `blobs: ${request.method} ${url.href}`;
    if (request.headers["x-ms-blob-type"] !== "BlockBlob") return "blobs: no BlockBlob";
    if (this.blobs.has(url.href)) this.overwritten++;
    this.blobs.set(url.href, body);
    return { status: 201 };
  }

  #enqueue(request: IncomingMessage, url: URL, body: Buffer): Answer {
    if (request.method !== "POST" || url.pathname !== "/ready/messages" || url.search !== `?${queueSignature}`) {
      return `queues: ${request.method} ${url.href}`;
    }
    const text = /^<QueueMessage><MessageText>([A-Za-z0-9+/=]+)<\/MessageText><\/QueueMessage>/.exec(
      body.toString(),
    )?.[1];
    if (text === undefined) return `queues: ${body.toString()}`;
    const message = Buffer.from(text, "base64").toString().replace(/\0+$/, "");
    this.messages.push(JSON.parse(message) as IngestionMessage);
    return { status: 201 };
  }
}

/** An answer, or why there is none. */
type Answer = { status: number; body?: string } | string;

function partOf(host: string): Part | undefined {
  const parts: Record<string, Part> = {
    [hosts.login]: "login",
    [hosts.ingestion]: "resources",
    [hosts.blobs]: "blobs",
    [hosts.queues]: "queues",
  };
  return parts[host];
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function json(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) };
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): unknown {
  const described = columns.map((name) => ({ ColumnName: name, DataType: "String", ColumnType: "string" }));
  return { Tables: [{ TableName: "Table_0", Columns: described, Rows: rows }] };
}

/** The format multijson: objects one a line, or in an array. */
export function readMultiJson(blob: Buffer): Record<string, unknown>[] {
  const text = blob.toString();
  if (text.startsWith("[")) return JSON.parse(text) as Record<string, unknown>[];
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
