/**
 * `deno lsp`, spoken to as an editor does: JSON-RPC over its standard input and output.
 *
 * @see https://microsoft.github.io/language-server-protocol/specifications/base
 * @module
 */
import { Buffer } from "node:buffer";

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What an editor offers while one types. */
export interface Completion {
  readonly label: string;
  readonly documentation: string;
}

/** A language server that knows the project, until it is disposed of. */
export class LanguageServer implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #root: URL;
  readonly #read: Promise<void>;
  #requests = 0;

  private constructor(root: URL) {
    this.#root = root;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["lsp", "--quiet"],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#read = this.#readReplies();
  }

  /** @param root The folder with the project's `deno.json`. */
  static async start(root: URL): Promise<LanguageServer> {
    const server = new LanguageServer(root);
    await server.#request("initialize", {
      processId: Deno.pid,
      rootUri: root.href,
      capabilities: {
        textDocument: { completion: { completionItem: { documentationFormat: ["markdown"] } } },
      },
      initializationOptions: { enable: true, documentPreloadLimit: 0 },
    });
    await server.#send({ method: "initialized", params: {} });
    return server;
  }

  /** What an editor offers in a program, where `|` is. */
  async complete(program: string): Promise<Completion[]> {
    const uri = new URL(`editor${this.#requests}.ts`, this.#root).href;
    const before = program.slice(0, program.indexOf("|")).split("\n");
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    await this.#send({
      method: "textDocument/didOpen",
      params: {
        textDocument: { uri, languageId: "typescript", version: 1, text: program.replace("|", "") },
      },
    });
    const { items } = await this.#request("textDocument/completion", {
      textDocument: { uri },
      position,
    }) as { readonly items: readonly { readonly label: string }[] };
    const offered: Completion[] = [];
    for (const item of items) {
      const { documentation } = await this.#request("completionItem/resolve", item) as {
        readonly documentation?: { readonly value: string };
      };
      offered.push({ label: item.label, documentation: documentation?.value ?? "" });
    }
    return offered;
  }

  /** Ends the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#input.close().catch(() => {}); // the pipe is broken
    await this.#process.status;
    await this.#read;
  }

  async #request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#requests;
    const reply = Promise.withResolvers<unknown>();
    this.#pending.set(id, reply);
    await this.#send({ id, method, params });
    return await reply.promise;
  }

  async #send(message: Readonly<Record<string, unknown>>): Promise<void> {
    const body = new TextEncoder().encode(JSON.stringify({ jsonrpc: "2.0", ...message }));
    await this.#input.write(new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`));
    await this.#input.write(body);
  }

  async #readReplies(): Promise<void> {
    let received = ""; // a character for each byte, which is what Content-Length counts
    for await (const chunk of this.#process.stdout) {
      received += Buffer.from(chunk).toString("latin1");
      for (;;) {
        const header = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(received);
        const end = header ? header[0].length + Number(header[1]) : Infinity;
        if (received.length < end) break;
        const body = Buffer.from(received.slice(header![0].length, end), "latin1");
        received = received.slice(end);
        this.#settle(JSON.parse(body.toString()));
      }
    }
    for (const { reject } of this.#pending.values()) reject(new Error("deno lsp has ended"));
  }

  #settle({ id, method, result, error }: Reply): void {
    if (id === undefined || method !== undefined) return; // something it tells, and nobody asked
    const reply = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) reply?.reject(new Error(error.message));
    else reply?.resolve(result);
  }
}
