/**
 * What the process runs that loads a file with a network. The file is loaded on a second thread, so
 * that the first one notices when this process is not needed any more, whatever the file does.
 *
 * @module
 */
import process from "node:process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { exported } from "../exported.ts";
import type { NetworkAnswer } from "./network_process.ts";
import type { NetworkBuilder } from "./networks.ts";

interface Order {
  readonly url: string;
  readonly input: Parameters<NetworkBuilder>[0];
  readonly classes: number;
}

type Answer = Omit<NetworkAnswer, "type">;

if (isMainThread) superviseThread();
else await answer(workerData as Order);

function superviseThread(): void {
  const [url, sizes] = process.argv.slice(2);
  const order: Order = { url, ...JSON.parse(sizes!) };
  // Threads begin with a file or with data, so what came from a server is imported by data.
  const program = `import ${JSON.stringify(import.meta.url)}`;
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
    workerData: order,
  });
  const refuse = (refused: string) =>
    void process.send!({ type: "NetworkAnswer", refused } satisfies NetworkAnswer);
  thread.on("message", (message: unknown) => {
    try {
      process.send!(message as NetworkAnswer);
    } catch (error) {
      refuse(oneLine(error));
    }
  });
  thread.on("error", (error: unknown) => refuse(oneLine(error)));
  thread.on("exit", (code: number) => refuse(exited(code)));
  process.on("disconnect", () => process.exit());
}

async function answer(order: Order): Promise<void> {
  const post = (answer: Answer) =>
    parentPort!.postMessage({ type: "NetworkAnswer", ...answer } satisfies NetworkAnswer);
  const refuse = (error: unknown) => post({ refused: oneLine(error) });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    refuse(event.error);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    refuse(event.reason);
  });
  // Where a thread exits, what has imported it goes on as if it had exported nothing.
  Deno.exit = process.exit = (code) => {
    throw new Error(exited(code ?? 0));
  };
  try {
    post({ network: await load(order) });
  } catch (error) {
    refuse(error);
  }
}

async function load({ url, input, classes }: Order): Promise<unknown> {
  const module: Readonly<Record<string, unknown>> = await import(url);
  const { default: network } = module;
  if (network === undefined) {
    throw new TypeError(
      "expected a module that exports by default a network, or a function of the images' shape and " +
        `the classes, ${exported(module)}`,
    );
  }
  if (typeof network !== "function") return network;
  return await (network as NetworkBuilder)(input, classes);
}

function exited(code: number | string): string {
  return `it ended its process, with code ${code}, instead of exporting a network`;
}

/** What an error says and, of a mistake in the file's syntax, where. */
function oneLine(error: unknown): string {
  const whole = error instanceof Error ? error.message : Deno.inspect(error);
  const [text, ...lines] = whole.split("\n");
  const place = lines.find((line) => /^ *at file:/.test(line));
  return place === undefined ? text! : `${text} ${place.trim()}`;
}
