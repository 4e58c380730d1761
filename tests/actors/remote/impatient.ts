/** A command of the project that waits for nothing as long as it would elsewhere. */
import { remoteTimes } from "../../../actors/remote/times.ts";
import type { Command } from "../../../experiments/terminal/command.ts";
import { runCommand } from "../../../experiments/terminal/command.ts";

Object.assign(remoteTimes, {
  ackWait: 900,
  tick: 100,
  announce: 150,
  request: 700,
  reconnect: 100,
});

const [name, ...args] = Deno.args;
const path = name === "minimize"
  ? new URL("minimize_program.ts", import.meta.url)
  : new URL(`../../../experiments/${name}.ts`, import.meta.url);
const { main } = await import(path.href) as Command;
await runCommand((_, signal) => main(args, signal));
