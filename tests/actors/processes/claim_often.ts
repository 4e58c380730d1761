/**
 * Claims the folder of a run again and again, and prints how often it had it, and how often another
 * one had it at the same time: `claim_often.ts FOLDER ATTEMPTS`.
 */
import { RunDirectory } from "../../../actors/record/run_directory.ts";
import { ConfigurationError } from "../../../options.ts";

const [path, attempts] = Deno.args as [string, string];
const mark = `${path}/mark`;
let had = 0;
let shared = 0;
for (let attempt = 0; attempt < Number(attempts); attempt++) {
  try {
    using _folder = RunDirectory.open(path);
    had++;
    try {
      Deno.openSync(mark, { write: true, createNew: true }).close();
    } catch {
      shared++;
      continue;
    }
    try {
      Deno.removeSync(mark);
    } catch {
      shared++;
    }
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
  }
}
console.log(JSON.stringify({ had, shared }));
