import { assertEquals, assertRejects } from "@std/assert";
import { main as defences } from "../../experiments/defences.ts";
import { main as evaluate } from "../../experiments/evaluate.ts";
import { ConfigurationError } from "../../options.ts";

const ROOT = new URL("../../", import.meta.url);

for (
  const [name, option, purpose] of [
    ["evaluate", "--disturbance", "the results"],
    ["defences", "--disturbance", "the results"],
    ["report", "--run", "the page and its figures"],
  ]
) {
  Deno.test(`${name} says at once that it must read where it writes files whole`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const there = `${folder}/there`;
      const given = name === "report" ? `${folder}/run` : `${there}/own.json`;
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-check", "--no-prompt", "--allow-env", "--allow-sys", "--allow-ffi"],
          ...["--allow-run", `--allow-read=${ROOT.pathname},${given}`],
          ...[`--allow-write=runs,${there}`, `experiments/${name}.ts`, option!, given],
          ...(name === "report" ? ["--out", `${there}/report.html`] : []),
        ],
        cwd: ROOT,
        env: { NO_COLOR: "1" },
      }).output();
      assertEquals(
        new TextDecoder().decode(stderr),
        `error: Cannot begin without --allow-read=${there} (${purpose})\n`,
      );
      assertEquals(code, 2);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

for (const [name, main] of Object.entries({ evaluate, defences })) {
  Deno.test({
    name: `${name} without a disturbance asks for one, and not to write beside none`,
    permissions: { env: true, ffi: true, read: true, run: true, sys: true },
    fn: async () => {
      await assertRejects(
        () => main([], new AbortController().signal),
        ConfigurationError,
        "Expected either --run or --disturbance, received neither",
      );
    },
  });
}
