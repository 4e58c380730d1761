/**
 * From `--devices` to one entry for each slot, and to where its actors run.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EngineWish } from "../../training/engine_on.ts";
import {
  checkMemory,
  DeviceUnavailable,
  engineChoices,
  type EngineOptions,
  formatDevice,
  parseDevice,
} from "../../models/mod.ts";
import { ConfigurationError } from "../../options.ts";
import { createActorSystem, EscalationError, type Placement } from "../runtime/mod.ts";

/**
 * Expand a list of devices: `auto` is one `cpu` for each core, `cpu:3` is three of them.
 *
 * @param devices Such as `["cpu", "cpu"]`, `["auto"]` or `["gpu:0", "gpu:1"]`.
 * @param cores Processor cores. Default: of this machine.
 * @throws {ConfigurationError} If an entry cannot be read.
 */
export function expandDevices(
  devices: readonly string[],
  cores: number = navigator.hardwareConcurrency,
): string[] {
  return devices.flatMap((entry) => {
    if (entry === "auto") return new Array<string>(cores).fill("cpu");
    const several = /^cpu:([1-9]\d{0,3})$/.exec(entry);
    if (several) return new Array<string>(Number(several[1])).fill("cpu");
    try {
      return [formatDevice(parseDevice(entry))];
    } catch {
      throw new ConfigurationError(
        `Cannot read devices: expected auto, cpu, cpu:COUNT or gpu:INDEX, received "${entry}"`,
      );
    }
  });
}

/**
 * As {@linkcode expandDevices}, of a search, for which others may compute: `none` alone is none.
 *
 * @throws {ConfigurationError} As {@linkcode expandDevices}.
 */
export function expandSearchDevices(devices: readonly string[]): string[] {
  return `${devices}` === "none" ? [] : expandDevices(devices);
}

/**
 * @param devices Expanded.
 * @param remote Slots on other hosts, if there can be any.
 * @throws {ConfigurationError} If nothing can compute anywhere.
 */
export function requireSomewhere(devices: readonly string[], remote: object | undefined): void {
  if (devices.length > 0 || remote) return;
  throw new ConfigurationError((nameOf) =>
    `Cannot compute anywhere: expected ${nameOf("devices")} other than none, or ${
      nameOf("nats")
    } with a server by which workers take part`
  );
}

/** Whether a device of an expanded list is a GPU. */
export function isGpu(device: string): boolean {
  return device.startsWith("gpu:");
}

/**
 * Whether each trainer must have a process of its own. Some libraries take one GPU for each process;
 * TensorFlow.js has packages that are fetched only where it is asked for.
 */
export function needsProcess(devices: readonly string[], wish: EngineWish): boolean {
  return isTfjs(wish) || devices.some(isGpu);
}

function isTfjs({ engine, backend }: EngineWish): boolean {
  // Backends that no other engine has.
  return engine === "tfjs" || (engine === "auto" && ["wasm", "tensorflow"].includes(backend));
}

/** On a GPU, one engine takes the place of another that cannot use it. */
function mayBeTfjs(devices: readonly string[], wish: EngineWish): boolean {
  return isTfjs(wish) || (wish.engine === "auto" && devices.some(isGpu));
}

/**
 * A process with what a trainer needs: its engine's library, and the images.
 *
 * @param more Further permissions.
 */
export function trainerProcess(
  devices: readonly string[],
  wish: EngineWish,
  ...more: readonly string[]
): Placement {
  return {
    kind: "process",
    flags: [
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
      ...mayBeTfjs(devices, wish) ? lockOfOptionalPackages() : [],
      ...more,
    ],
    // Without it, Mesa's drivers complain on stderr; they do not use it here.
    env: Deno.env.get("XDG_RUNTIME_DIR") ? {} : { XDG_RUNTIME_DIR: "/tmp" },
  };
}

/**
 * Deno fetches all that a lock file names, so that of the commands leaves TensorFlow.js out. Programs
 * elsewhere have their own lock file, or none.
 */
function lockOfOptionalPackages(): string[] {
  const project = new URL("../../", import.meta.url);
  if (project.protocol !== "file:" || !Deno.mainModule.startsWith(project.href)) return [];
  const lock = new URL("deno.full.lock", project);
  return existsSync(lock) ? [`--lock=${fileURLToPath(lock)}`] : [];
}

/**
 * Check that engines can train on devices, before anything else is done. A GPU is tried in a
 * process of its own: some libraries take one GPU for each process and never let go of it.
 *
 * @throws {ConfigurationError} If one cannot be used.
 */
export async function checkDevices(
  devices: readonly string[],
  { engine, backend }: EngineWish,
): Promise<void> {
  for (const device of new Set(devices)) {
    try {
      engineChoices(parseDevice(device), engine, backend);
      if (!isGpu(device)) continue;
      await using system = createActorSystem();
      await system.supervise({
        name: "probe",
        children: [{
          id: device,
          start: new URL("./device_probe.ts", import.meta.url),
          placement: trainerProcess([device], { engine, backend }),
          init: { device, engine, backend },
        }],
      });
    } catch (error) {
      if (error instanceof EscalationError && error.reason.kind === "failed") {
        throw new ConfigurationError(error.reason.error.message);
      }
      if (error instanceof RangeError || error instanceof DeviceUnavailable) {
        throw new ConfigurationError(error.message);
      }
      throw error;
    }
  }
}

/**
 * Check that a network can be trained on devices, as far as that can be told before it is tried.
 *
 * @throws {OutOfMemory} If it does not fit into memory.
 */
export function checkFit(
  devices: readonly string[],
  what: Pick<EngineOptions, "network" | "optimizer" | "batchSize">,
): void {
  for (const device of new Set(devices)) checkMemory({ ...what, device: parseDevice(device) });
}
