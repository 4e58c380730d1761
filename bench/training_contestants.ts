import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { TrainingCase } from "./training.ts";

/** One side of the comparison. */
export interface Contestant extends AsyncDisposable {
  /** Runs one round and returns images per second, of all workers together. */
  round(): Promise<number>;
  /** How it is set up. */
  readonly note: string;
}

/** A worker that runs its batches when told to, and then answers. */
interface Runner {
  readonly note: string;
  run(): Promise<unknown>;
  stop(): Promise<unknown>;
}

function contestant({ batchSize, batches }: TrainingCase, runners: readonly Runner[]): Contestant {
  return {
    note: runners[0]!.note,
    round: async () => {
      const start = performance.now();
      await Promise.all(runners.map((runner) => runner.run()));
      return runners.length * batchSize * batches / (performance.now() - start) * 1000;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(runners.map((runner) => runner.stop()));
    },
  };
}

/** This project's engine, in workers. */
export async function ourContestant(one: TrainingCase, workers: number): Promise<Contestant> {
  const runners = Array.from({ length: workers }, async (): Promise<Runner> => {
    const worker = new Worker(new URL("./training_worker.ts", import.meta.url), {
      workerData: one,
    });
    await once(worker, "message");
    return {
      note: "",
      run: () => {
        worker.postMessage("run");
        return once(worker, "message");
      },
      stop: () => worker.terminate(),
    };
  });
  return contestant(one, await Promise.all(runners));
}

let pytorchMissing = false;

/** PyTorch in processes, or undefined where it is not installed, which is said once. */
export async function pytorchContestant(
  one: TrainingCase,
  workers: number,
): Promise<Contestant | undefined> {
  if (pytorchMissing) return undefined;
  const runners = await Promise.all(Array.from({ length: workers }, () => pytorchRunner(one)));
  if (runners.every((runner) => runner !== undefined)) return contestant(one, runners);
  pytorchMissing = true;
  console.error(
    "PyTorch is not installed, so nothing to compare with: " +
      "apt-get install python3-torch libopenblas0-pthread",
  );
  return undefined;
}

async function pytorchRunner(
  { network, work, batchSize, batches }: TrainingCase,
): Promise<Runner | undefined> {
  const script = new URL("./peers/pytorch_training.py", import.meta.url).pathname;
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("/usr/bin/python3", {
      args: [script, network, work, `${batchSize}`, `${batches}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
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
  if (note === undefined) {
    await input.abort().catch(() => {});
    return undefined;
  }
  return {
    note,
    run: async () => {
      await input.write(new TextEncoder().encode("run\n"));
      if (await line() === undefined) throw new Error("PyTorch's process ended");
    },
    stop: async () => {
      await input.close();
      await line();
      await child.status;
    },
  };
}
