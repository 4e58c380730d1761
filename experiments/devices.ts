/**
 * `devices`: where this machine can train, and what to install for the rest.
 *
 * @module
 */
import {
  createEngine,
  type Device,
  DeviceUnavailable,
  discriminator,
  type EngineChoice,
  engineChoices,
  type EngineInfo,
  type EngineOptions,
  formatChoice,
  formatDevice,
  optimizerByName,
} from "../models/mod.ts";
import { requirePermissions } from "../permissions.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";

/** What one engine can do on a device. */
export interface EngineReport {
  readonly choice: EngineChoice;
  /** What computed a step of training, or why nothing did. */
  readonly result: EngineInfo | DeviceUnavailable;
  /** Whether it is used where no engine is asked for. */
  readonly chosen: boolean;
}

/** What a device can do. */
export interface DeviceReport {
  readonly device: Device;
  /** Its name, where something tells. */
  readonly title: string;
  /** The fastest engine first. */
  readonly engines: readonly EngineReport[];
}

/**
 * Asks NVIDIA's driver.
 *
 * @returns The name, memory and driver of each card; none without a driver.
 */
export async function nvidiaCards(): Promise<string[]> {
  try {
    const { stdout } = await new Deno.Command("nvidia-smi", {
      args: ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"],
      stderr: "null",
    }).output();
    return parseCards(new TextDecoder().decode(stdout));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Reads nvidia-smi's lines of name, memory and driver version. */
export function parseCards(text: string): string[] {
  return text.split("\n").map((line) => line.split(", ")).flatMap(([name, memory, driver]) =>
    driver === undefined ? [] : [`${name}, ${memory}, driver ${driver.trim()}`]
  );
}

/**
 * Trains a step with each engine on each device.
 *
 * @param cards Names of the NVIDIA cards.
 * @param cores Processor cores.
 */
export async function probeDevices(
  cards: readonly string[],
  cores: number = navigator.hardwareConcurrency,
): Promise<DeviceReport[]> {
  // TensorFlow takes one card for each process, and WebGPU the first: it stands for the others.
  const gpu = await probeDevice({ type: "gpu", index: 0 }, cards[0] ?? "no NVIDIA driver");
  const others = cards.slice(1).map((title, i): DeviceReport => ({
    device: { type: "gpu", index: i + 1 },
    title,
    engines: gpu.engines.filter(({ choice }) => choice.backend !== "webgpu"),
  }));
  return [await probeDevice({ type: "cpu" }, `${cores} cores`), gpu, ...others];
}

async function probeDevice(device: Device, title: string): Promise<DeviceReport> {
  const chosen = await probe({ device });
  const engines: EngineReport[] = [];
  for (const choice of engineChoices(device)) {
    const result = await probe({ device, ...choice });
    const same = !(chosen instanceof DeviceUnavailable) &&
      formatChoice(chosen) === formatChoice(choice);
    engines.push({ choice, result, chosen: same });
  }
  return { device, title, engines };
}

async function probe(
  where: Pick<EngineOptions, "device" | "engine" | "backend">,
): Promise<EngineInfo | DeviceUnavailable> {
  try {
    await using engine = await createEngine({
      ...where,
      network: discriminator([1, 8, 8]),
      optimizer: optimizerByName("sgd").optimizer,
      batchSize: 8,
    });
    await engine.trainStep(new Float32Array(8 * 64), new Uint8Array(8), 0.1);
    return engine.info;
  } catch (error) {
    if (error instanceof DeviceUnavailable) return error;
    throw error;
  }
}

/** The reports as text. */
export function renderDevices(reports: readonly DeviceReport[]): string {
  return reports.map(({ device, title, engines }) => {
    const lines = engines.map(({ choice, result, chosen }) => {
      const name = `  ${chosen ? "*" : " "} ${formatChoice(choice).padEnd(15)}  `;
      return name +
        (result instanceof DeviceUnavailable
          ? `missing: ${result.reason}`
          : ["ready", result.version, result.hardware].filter(Boolean).join(", "));
    });
    return [`${formatDevice(device)}: ${title}`, ...lines].join("\n");
  }).join("\n\n");
}

export const commandLine: CommandLine = {
  name: "devices",
  summary: "List where this machine can train, and what to install for the rest.",
  options: {},
};

/** What the command does. */
export async function main(args: readonly string[]): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const purpose = "the engines that are tried";
  requirePermissions([
    { permission: { name: "env" }, value: "", purpose },
    { permission: { name: "ffi" }, value: "", purpose },
    { permission: { name: "run", command: "nvidia-smi" }, value: "", purpose: "nvidia-smi" },
  ]);
  // Without it, Mesa's drivers complain on stderr; they do not use it here.
  if (!Deno.env.get("XDG_RUNTIME_DIR")) Deno.env.set("XDG_RUNTIME_DIR", "/tmp");
  console.log(renderDevices(await probeDevices(await nvidiaCards())));
  console.log("\n* is used where no engine is asked for.");
}

if (import.meta.main) await runCommand(main);
