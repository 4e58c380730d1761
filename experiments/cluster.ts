/**
 * `cluster`: the workers and runs on a NATS server.
 *
 * @module
 */
import * as v from "valibot";
import { Cluster, type ClusterState } from "../actors/remote/cluster.ts";
import { connect } from "../actors/remote/connect.ts";
import { hostsOf, natsEntries, natsFrom, natsNeeds } from "../actors/remote/nats_options.ts";
import { pause } from "../actors/remote/streams.ts";
import { remoteTimes } from "../actors/remote/times.ts";
import { commandText } from "../command_text.ts";
import { durationText } from "../duration.ts";
import { checkOptions, ConfigurationError, flagOf, toggle } from "../options.ts";
import { requirePermissions } from "../permissions.ts";
import {
  CommandFailed,
  type CommandLine,
  readCommandLine,
  runCommand,
} from "./terminal/command.ts";
import { plainText } from "./terminal/plain_text.ts";
import { layOut } from "./terminal/table.ts";

const schema = v.strictObject({
  ...natsEntries,
  once: toggle("print what there is now, and end; so it does without a terminal, too"),
  json: toggle("print what there is now as JSON, and end"),
});

export const commandLine: CommandLine = {
  name: "cluster",
  summary: "Show the workers on a NATS server, what each is doing, and the runs that have work.",
  options: schema.entries,
};

/** Between two looks. */
const LOOK_MS = 1000;

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { once, json, ...options } = checkOptions(schema, given, flagOf);
  const nats = natsFrom(options);
  if (!nats) throw new ConfigurationError("Option --nats is missing");
  requirePermissions(natsNeeds(nats));
  await using connection = await connect(nats, "mddes cluster");
  using cluster = new Cluster(connection);
  // Until every worker has said once that it is there.
  await pause(1.25 * remoteTimes.announce, signal);
  const addresses = hostsOf(nats).map((host) => `nats://${host}`);
  if (once || json || !Deno.stdout.isTerminal()) {
    const state = await cluster.look().catch((error: Error) => {
      throw new CommandFailed(`Cannot look at ${connection.where}: ${error.message}`);
    });
    console.log(json ? JSON.stringify(state, null, 2) : clusterText(state, addresses));
    return;
  }
  while (!signal.aborted) {
    const text = await cluster.look().then(
      (state) => clusterText(state, addresses),
      (error: Error) => `Cannot look at ${connection.where}: ${error.message}; trying again`,
    );
    redraw(text);
    await Promise.race([pause(LOOK_MS, signal), connection.refused]);
  }
}

/** Fills the terminal with a text, as much of it as it holds. */
function redraw(text: string): void {
  const { columns, rows } = Deno.consoleSize();
  const lines = text.split("\n").slice(0, rows - 3).map((line) => line.slice(0, columns));
  const shown = [...lines, "Ctrl-C leaves"].map((line) => `${line}\x1b[K\n`).join("");
  console.log(`\x1b[H${shown}\x1b[J`);
}

/**
 * What there is, as text.
 *
 * @param addresses Of the servers, as a worker is told them.
 */
export function clusterText(
  { workers, runs, unreadable }: ClusterState,
  addresses: readonly string[],
): string {
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = workers.reduce((sum, { holds }) => sum + holds.length, 0);
  const start = commandText("worker", ["--nats", addresses.join(",")]);
  const parts = [
    workers.length === 0
      ? `No worker is there; to start one, on any host: ${start}`
      : `${counted(workers.length, "worker")} with ${counted(slots, "slot")}, ${busy} busy`,
    workersTable(workers),
    workTable(workers, runs),
    runs.length === 0 ? "No run has work" : runsTable(runs, workers),
    reasons(workers, runs, unreadable),
  ];
  return plainText(parts.filter((part) => part !== "").join("\n\n"));
}

function workersTable(workers: ClusterState["workers"]): string {
  if (workers.length === 0) return "";
  return layOut([
    ["worker", "devices", "busy", "images/s", "done", "failed", "heard"],
    ...workers.map((worker) => [
      worker.name,
      devicesText(worker.devices),
      `${worker.holds.length} of ${worker.slots}`,
      worker.imagesPerSecond === 0 ? "" : worker.imagesPerSecond.toFixed(0),
      `${worker.done}`,
      `${worker.failures}`,
      `${durationText(worker.heardMs)} ago`,
    ]),
  ]);
}

function workTable(workers: ClusterState["workers"], runs: ClusterState["runs"]): string {
  const rows = workers.flatMap(({ name, holds }) =>
    holds.toSorted((a, b) => b.forMs - a.forMs).map((hold) => [
      name,
      hold.device,
      runs.find(({ run }) => run === hold.run)?.folder ?? hold.run,
      `${hold.generation}/${hold.candidate}`,
      `${hold.repeat}`,
      hold.part,
      durationText(hold.forMs),
    ])
  );
  if (rows.length === 0) return "";
  return layOut([["worker", "device", "run", "candidate", "repeat", "part", "for"], ...rows]);
}

function runsTable(runs: ClusterState["runs"], workers: ClusterState["workers"]): string {
  return layOut([
    ["run", "of", "on", "waiting", "taken", "workers"],
    ...runs.map(({ run, folder, kind, subject, waiting, taken }) => [
      folder,
      kind,
      subject,
      `${waiting}`,
      `${taken}`,
      `${workers.filter(({ serves }) => run in serves).length}`,
    ]),
  ]);
}

/** Why something is not as it should be. */
function reasons(
  workers: ClusterState["workers"],
  runs: ClusterState["runs"],
  unreadable: ClusterState["unreadable"],
): string {
  const refusals = workers.flatMap(({ name, refuses }) =>
    Object.entries(refuses).map(([refused, why]) => {
      const folder = runs.find(({ run }) => run === refused)?.folder ?? refused;
      return `${name} cannot work for ${folder}: ${why}`;
    })
  );
  const strangers = Object.entries(unreadable).map(([who, why]) => `${who} is not used: ${why}`);
  return [...refusals, ...strangers].join("\n");
}

/** `cpu:4` for four of them. */
function devicesText(devices: readonly string[]): string {
  return [...Map.groupBy(devices, (device) => device)]
    .map(([device, same]) => same.length === 1 ? device : `${same.length} x ${device}`)
    .join(", ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

if (import.meta.main) await runCommand(main);
