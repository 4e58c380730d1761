/**
 * `worker`: take part in searches on other hosts.
 *
 * @module
 */
import * as v from "valibot";
import { devicesOption, searchSchema } from "../actors/configuration.ts";
import { expandDevices } from "../actors/devices/devices.ts";
import { moduleUrl } from "../actors/own/own_function.ts";
import { natsEntries, natsFrom } from "../actors/remote/nats_options.ts";
import { workerNeeds } from "../actors/worker/worker_needs.ts";
import { defaultWorkerName, runWorker } from "../actors/worker/worker.ts";
import { checkOptions, ConfigurationError, flagOf, list, text } from "../options.ts";
import { requirePermissions } from "../permissions.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { plainText } from "./terminal/plain_text.ts";

const schema = v.strictObject({
  ...natsEntries,
  devices: devicesOption(),
  isolation: searchSchema.entries.isolation,
  name: v.optional(
    v.pipe(
      text("letters, digits, dots, dashes and underscores, at most 64", "what searches call it"),
      v.regex(/^[\w.-]{1,64}$/, "letters, digits, dots, dashes and underscores, at most 64"),
    ),
  ),
  modules: v.optional(
    list(
      "a list of paths of files",
      "objectives and terms that it is willing to run, if a search has the same",
    ),
  ),
});

export const commandLine: CommandLine = {
  name: "worker",
  summary:
    "Take part in searches on other hosts: train what they ask for by a NATS server. It can join and " +
    "leave at any time.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const options = checkOptions(schema, given, flagOf);
  const nats = natsFrom(options);
  if (!nats) throw new ConfigurationError("Option --nats is missing");
  const { isolation, name = defaultWorkerName(), modules = [] } = options;
  const devices = expandDevices(options.devices);
  requirePermissions(workerNeeds(nats, devices, isolation, modules));
  await runWorker({
    nats,
    name,
    devices,
    isolation,
    modules: modules.map(moduleUrl),
    say: (text) => console.log(plainText(text)),
    signal,
  });
}

if (import.meta.main) await runCommand(main);
