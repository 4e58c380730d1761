import { once } from "node:events";
import process from "node:process";
import { Worker } from "node:worker_threads";
import { type Device, type EngineChoice, formatChoice } from "../models/mod.ts";

/** What is timed. */
export interface TrainingCase {
  readonly network: "graynet" | "colornet" | "resnet20" | "densenet40";
  readonly work: "train" | "evaluate";
  readonly batchSize: number;
  /** Batches of one round, for each worker. */
  readonly batches: number;
}

/** Images per second of all workers together. */
export interface Rates {
  /** Of the clock. */
  readonly wall: number;
  /** Of processor time, of all threads together: others on the machine change it far less. */
  readonly cpu: number;
}

/** One side of the comparison. */
export interface Contestant extends AsyncDisposable {
  /** Runs one round. */
  round(): Promise<Rates>;
  /** How it is set up. */
  readonly note: string;
}

/** What a worker of this project gets. */
export type WorkerTask = TrainingCase & EngineChoice & { readonly device: Device };

/** A contestant cannot run here; the message says why. */
export class NotHere extends Error {}

/** A worker that runs its batches when told to. */
interface Runner {
  readonly note: string;
  run(): Promise<unknown>;
  stop(): Promise<unknown>;
}

function contestant(
  { batchSize, batches }: TrainingCase,
  runners: readonly Runner[],
  cpuSeconds: (answers: readonly unknown[]) => number,
): Contestant {
  const images = runners.length * batchSize * batches;
  return {
    note: runners[0]!.note,
    round: async () => {
      cpuSeconds([]);
      const start = performance.now();
      const answers = await Promise.all(runners.map((runner) => runner.run()));
      const wall = (performance.now() - start) / 1000;
      return { wall: images / wall, cpu: images / cpuSeconds(answers) };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

/**
 * This project's engine, in workers.
 *
 * @throws {NotHere} If the device or its backend is not here.
 */
export async function ourContestant(
  one: TrainingCase,
  workers: number,
  device: Device,
  choice: EngineChoice,
): Promise<Contestant> {
  const runners = Array.from({ length: workers }, async (): Promise<Runner> => {
    const workerData: WorkerTask = { ...one, ...choice, device };
    const worker = new Worker(new URL("./training_worker.ts", import.meta.url), { workerData });
    const [answer] = await once(worker, "message") as [string];
    if (answer !== "ready") {
      await worker.terminate();
      throw new NotHere(answer);
    }
    return {
      note: formatChoice(choice),
      run: () => {
        worker.postMessage("run");
        return once(worker, "message");
      },
      stop: () => worker.terminate(),
    };
  });
  let used = process.cpuUsage();
  return contestant(one, await Promise.all(runners), () => {
    const { user, system } = process.cpuUsage(used);
    used = process.cpuUsage();
    return (user + system) / 1e6;
  });
}

/**
 * PyTorch, in processes.
 *
 * @param device As PyTorch calls it: `cpu`, `cuda:0`.
 * @param mode `graphs` replays a step that was recorded as a CUDA graph.
 * @throws {NotHere} If PyTorch is not installed, or has no such device.
 */
export async function pytorchContestant(
  one: TrainingCase,
  workers: number,
  device: string,
  mode: "eager" | "graphs",
): Promise<Contestant> {
  const runners = Array.from({ length: workers }, () => pytorchRunner(one, device, mode));
  return contestant(
    one,
    await Promise.all(runners),
    (answers) => answers.reduce<number>((sum, answer) => sum + Number(answer), 0),
  );
}

async function pytorchRunner(
  { network, work, batchSize, batches }: TrainingCase,
  device: string,
  mode: string,
): Promise<Runner> {
  const script = new URL("./peers/pytorch_training.py", import.meta.url).pathname;
  const missing = new NotHere(
    "PyTorch is not installed: apt-get install python3-torch libopenblas0-pthread",
  );
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("/usr/bin/python3", {
      args: [script, network, work, `${batchSize}`, `${batches}`, device, mode],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    throw error instanceof Deno.errors.NotFound ? missing : error;
  }
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const line = async (): Promise<string | undefined> => {
    let text = "";
    while (!text.endsWith("\n")) {
      const { value, done } = await output.read();
      if (done) return undefined;
      text += value;
    }
    return text.trim();
  };
  const note = await line();
  if (note === undefined || note.startsWith("error: ")) {
    await input.abort().catch(() => {});
    throw note === undefined ? missing : new NotHere(note);
  }
  return {
    note,
    run: async () => {
      await input.write(new TextEncoder().encode("run\n"));
      const answer = await line();
      if (answer === undefined) throw new Error("PyTorch's process ended");
      return answer;
    },
    stop: async () => {
      await input.close();
      await line();
      await child.status;
    },
  };
}
