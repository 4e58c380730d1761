import { assertEquals } from "@std/assert";
import { FILES, recorded, recordedRuns } from "./recorded_runs.ts";

function isRecorded(name: string): boolean {
  try {
    return Deno.statSync(recorded(name)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

for (const { name, onnx, start } of recordedRuns) {
  Deno.test({
    name: `the seed of ${name} still gives the bytes that were recorded`,
    // Another processor rounds otherwise; what does not depend on it must be there.
    ignore: onnx && !isRecorded(name),
    async fn() {
      const directory = await Deno.makeTempDir();
      try {
        await using run = start(`${directory}/run`);
        await run.result;
        for (const file of FILES) {
          assertEquals(
            Deno.readTextFileSync(`${directory}/run/${file}`),
            Deno.readTextFileSync(new URL(file, recorded(name))),
            file,
          );
        }
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}
