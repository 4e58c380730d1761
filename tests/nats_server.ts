/** A NATS server for tests, on a port that is free, with a store of its own. */
import { assert } from "@std/assert";

/** Debian's folder is not in everybody's path. */
const COMMAND = ["/usr/sbin", "/usr/local/bin", "/opt/homebrew/bin"]
  .map((folder) => `${folder}/nats-server`)
  .find(isFile) ?? "nats-server";

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Whether there is one; where one is required, its tests are not left out. */
export const hasServer: boolean = Deno.env.get("MDDES_TEST_NATS") === "required" || isInstalled();

function isInstalled(): boolean {
  try {
    return new Deno.Command(COMMAND, { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** A test that needs a server. */
export function natsTest(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: hasServer ? name : `${name} (left out: there is no nats-server)`,
    ignore: !hasServer,
    fn,
  });
}

/** A server that can be killed and started again. */
export class NatsServer implements AsyncDisposable {
  readonly port: number;
  readonly store: string;
  readonly #args: readonly string[];
  #process: Deno.ChildProcess | undefined;
  #isUp = false;

  private constructor(port: number, store: string, args: readonly string[]) {
    this.port = port;
    this.store = store;
    this.#args = args;
  }

  /** @param args Besides those for its port and its store. */
  static async start(...args: string[]): Promise<NatsServer> {
    const store = await Deno.makeTempDir();
    const server = new NatsServer(freePort(), store, args);
    await server.start();
    return server;
  }

  /** @param config In the server's own language. */
  static async configured(config: string, ...args: string[]): Promise<NatsServer> {
    const store = await Deno.makeTempDir();
    await Deno.writeTextFile(`${store}/config`, config);
    const server = new NatsServer(freePort(), store, ["--config", `${store}/config`, ...args]);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#process = new Deno.Command(COMMAND, {
      args: [
        ...["--jetstream", "--store_dir", `${this.store}/store`],
        ...["--addr", "127.0.0.1", "--port", `${this.port}`],
        ...this.#args,
      ],
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#isUp = true;
    void this.#process.status.then(() => this.#isUp = false);
    for (let waited = 0;; waited += 20) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
        return;
      } catch {
        assert(waited < 10_000, "the server did not start");
        await pause(20);
      }
    }
  }

  async kill(): Promise<void> {
    if (this.#isUp) this.#process!.kill("SIGKILL");
    await this.#process!.status;
  }

  /** All that it has stored is gone; only when it was killed. */
  async forget(): Promise<void> {
    await Deno.remove(`${this.store}/store`, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.store, { recursive: true });
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
