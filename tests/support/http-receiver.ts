import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { jsonLines } from "./fluent-bit.js";

/** An HTTP server on the loopback that keeps the JSON lines posted to it, apart for each path. */
export class HttpReceiver {
  readonly #server: Server;
  readonly #records = new Map<string, Record<string, unknown>[]>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<HttpReceiver> {
    const server = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on("data", (data: Buffer) => body.push(data));
      request.on("end", () => {
        receiver.records(request.url!).push(...jsonLines(Buffer.concat(body).toString()));
        response.end();
      });
    });
    const receiver = new HttpReceiver(server);
    await once(server.listen(0, "127.0.0.1"), "listening");
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What has been posted to a path so far. */
  records(path: string): Record<string, unknown>[] {
    const kept = this.#records.get(path) ?? [];
    this.#records.set(path, kept);
    return kept;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
