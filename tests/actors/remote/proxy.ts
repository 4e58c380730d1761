/** A line to a server that can be cut, so that neither side hears of it. */
import { pause } from "../../nats_server.ts";

export class Proxy implements AsyncDisposable {
  readonly url: string;
  /** Whether nothing comes through; it comes when the line is whole again. */
  isCut = false;
  /** Told each thing that a client says, before the server hears it. */
  onSaid: (text: string) => void = () => {};
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #carrying: Promise<void>[] = [];

  /** @param port Of the server, on this machine. */
  constructor(port: number) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.url = `nats://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;
    this.#carrying.push(this.#accept(port));
  }

  async #accept(port: number): Promise<void> {
    for await (const inner of this.#listener) {
      const outer = await Deno.connect({ hostname: "127.0.0.1", port });
      this.#connections.add(inner).add(outer);
      this.#carrying.push(
        this.#carry(inner, outer, (text) => this.onSaid(text)),
        this.#carry(outer, inner),
      );
    }
  }

  async #carry(
    from: Deno.TcpConn,
    to: Deno.TcpConn,
    tell: (text: string) => void = () => {},
  ): Promise<void> {
    const bytes = new Uint8Array(65_536);
    try {
      for (let count; (count = await from.read(bytes)) !== null;) {
        while (this.isCut) await pause(20);
        tell(new TextDecoder().decode(bytes.subarray(0, count)));
        for (let written = 0; written < count;) {
          written += await to.write(bytes.subarray(written, count));
        }
      }
    } catch {
      // It was closed.
    }
    this.#close(from);
    this.#close(to);
  }

  #close(connection: Deno.TcpConn): void {
    if (this.#connections.delete(connection)) connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isCut = false;
    this.#listener.close();
    for (const connection of [...this.#connections]) this.#close(connection);
    await Promise.all(this.#carrying);
  }
}
