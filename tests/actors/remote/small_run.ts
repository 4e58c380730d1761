/** A small run for workers elsewhere, and a worker in this program. */
import { runWorker } from "../../../actors/worker/worker.ts";
import { minimize, type MinimizeOptions, type MinimizeRun } from "../../../mod.ts";
import type { NatsServer } from "../../nats_server.ts";

/** An objective that takes a moment. */
const slowSphere = new URL("./slow_sphere.ts", import.meta.url);

/** Begins a run in a folder beside the server's. */
export function begin(
  server: NatsServer,
  name: string,
  more: Partial<MinimizeOptions> = {},
): MinimizeRun {
  return minimize({
    evaluator: slowSphere,
    mean: [1, 1],
    population: 4,
    generations: 2,
    finalistRepeats: 0,
    workers: 0,
    seed: 4,
    nats: { servers: server.url },
    directory: `${server.store}/${name}`,
    ...more,
  });
}

/** A worker: what it has said, and its end. */
export interface SmallWorker extends AsyncDisposable {
  readonly said: readonly string[];
  leave(): Promise<void>;
}

/** A worker in this program, until it leaves or is disposed of. */
export function work(
  server: NatsServer,
  modules: readonly string[] = [slowSphere.href],
  slots = 1,
): SmallWorker {
  const stop = new AbortController();
  const said: string[] = [];
  const ended = runWorker({
    nats: { servers: server.url },
    name: "real",
    devices: new Array(slots).fill("cpu"),
    isolation: "worker",
    modules,
    say: (line) => said.push(line),
    signal: stop.signal,
  });
  const leave = () => (stop.abort(), ended);
  return { said, leave, [Symbol.asyncDispose]: leave };
}
