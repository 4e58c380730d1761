/**
 * Time and memory of loading MNIST's 60,000 training images, and the memory of 1 and of 8 workers
 * that read them all. Each figure comes from a process of its own. Linux only: the peak is read from
 * `/proc/self/status`.
 *
 *     deno run -A bench/datasets_memory.ts
 *
 * @module
 */
import { loadTrain } from "../datasets/mod.ts";

interface Figures {
  /** Highest resident memory of the process, in MB. */
  readonly peak: number;
  /** How long loading took, in ms. */
  readonly loaded: number;
}

const DECODED_MB = 60_000 * 785 / 1e6;

const READER = `data:text/javascript,${
  encodeURIComponent(
    "onmessage = ({ data: { images } }) => { let s = 0; for (const b of images) s += b; postMessage(s); };",
  )
}`;

/** Load the images, if asked to, and hand them to so many workers. */
async function measure(load: boolean, workers: number): Promise<Figures> {
  const start = performance.now();
  const split = load ? await loadTrain("mnist") : { images: new Uint8Array(1) };
  const loaded = performance.now() - start;
  const readers = Array.from({ length: workers }, () => new Worker(READER, { type: "module" }));
  await Promise.all(readers.map((reader) => {
    const done = Promise.withResolvers<void>();
    reader.onmessage = () => done.resolve();
    reader.postMessage(split);
    return done.promise;
  }));
  readers.forEach((reader) => reader.terminate());
  const status = Deno.readTextFileSync("/proc/self/status");
  return { peak: Number(/VmHWM:\s+(\d+)/.exec(status)![1]) * 1024 / 1e6, loaded };
}

async function measureApart(load: boolean, workers: number): Promise<Figures> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", import.meta.filename!, `${load}`, `${workers}`],
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

const [load, workers] = Deno.args;
if (load !== undefined) {
  console.log(JSON.stringify(await measure(load === "true", Number(workers))));
} else {
  const empty = await measureApart(false, 0);
  const one = await measureApart(true, 0);
  const growth = one.peak - empty.peak;
  console.log(
    `loaded in ${one.loaded.toFixed(0)} ms, peak +${growth.toFixed(0)} MB, ` +
      `${(growth / DECODED_MB).toFixed(2)} times the ${DECODED_MB.toFixed(0)} MB decoded`,
  );
  for (const count of [1, 8]) {
    const [without, withImages] = [
      await measureApart(false, count),
      await measureApart(true, count),
    ];
    console.log(
      `${count} worker${count > 1 ? "s" : ""}: ${withImages.peak.toFixed(0)} MB with the images, ` +
        `${without.peak.toFixed(0)} MB without, ` +
        `the images cost ${(withImages.peak - without.peak).toFixed(0)} MB`,
    );
  }
}
