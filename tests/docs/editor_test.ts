import { assert, assertEquals } from "@std/assert";
import { minimizeSchema, searchSchema } from "../../actors/configuration.ts";
import { ROOT } from "./documents.ts";
import { LanguageServer } from "./language_server.ts";

/** Options without a default. */
const WITHOUT = ["evaluator", "mean", "directory", "signal"];

Deno.test("an editor completes the options of a call, each with its comment and default", async () => {
  await using editor = await LanguageServer.start(ROOT);
  const calls = { search: searchSchema, minimize: minimizeSchema };
  for (const [call, { entries }] of Object.entries(calls)) {
    const offered = await editor.complete(
      `import { ${call} } from "./mod.ts";\n\nawait using run = ${call}({ | });\n`,
    );
    const comments = new Map(
      offered.map(({ label, documentation }) => [label.replace(/\?$/, ""), documentation]),
    );
    const options = [...Object.keys(entries), "directory", "nats", "signal"];
    assertEquals([...comments.keys()].toSorted(), options.toSorted());
    for (const [option, comment] of comments) {
      assert(comment.length > 20, `${call}: ${option} has no comment`);
      const hasDefault = WITHOUT.includes(option) || comment.includes("Default");
      assert(hasDefault, `${call}: ${option} has no default: ${comment}`);
    }
  }
});
