import { findAdapter } from "./adapter.ts";
import type { BareEngine } from "./bare_engine.ts";
import { CheckedEngine } from "./checked_engine.ts";
import { checkSeed } from "./checks.ts";
import { type EngineChoice, engineChoices, formatChoice } from "./choice.ts";
import { DeviceUnavailable } from "./device.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import { checkMemory, explainError } from "./out_of_memory.ts";

/**
 * Compiles a network and its optimiser for a device.
 *
 * @throws {DeviceUnavailable} If the device cannot be used here; the message says what to install.
 * @throws {TypeError} If the network's layers do not fit each other, or a kind, or a property of a
 * layer or optimiser, is unknown.
 * @throws {RangeError} If a size or a constant is out of range, or the engine has no such backend.
 * @throws {OutOfMemory} If the network does not fit into memory; so do the engine's methods.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { device, engine, backend, seed = 0 } = options;
  checkSeed("create engine", seed);
  // Checks the other options first.
  checkMemory(options);
  const choices = engineChoices(device, engine, backend);
  const reasons = new Map<string, string[]>();
  for (const choice of choices) {
    try {
      const hardware = choice.backend === "webgpu"
        ? await findAdapter(device, backend === "webgpu")
        : undefined;
      return new CheckedEngine(await create(options, choice, hardware), options);
    } catch (cause) {
      const error = explainError(cause, options.network, options.batchSize);
      if (!(error instanceof DeviceUnavailable) || choices.length === 1) throw error;
      reasons.set(error.reason, [...reasons.get(error.reason) ?? [], formatChoice(choice)]);
    }
  }
  throw new DeviceUnavailable(
    device,
    [...reasons].map(([reason, names]) => `${names.join(" and ")}: ${reason}`).join(". "),
  );
}

/** Loads the library and creates its engine. */
async function create(
  options: EngineOptions,
  { engine, backend }: EngineChoice,
  hardware: string | undefined,
): Promise<BareEngine> {
  if (engine === "onnx") {
    const { OnnxEngine } = await import("./onnx/onnx_engine.ts");
    return await OnnxEngine.create(options, backend, hardware);
  }
  // Deno fetches the packages behind a literal path, and behind a type, asked for or not.
  const path = new URL("./tfjs/tfjs_engine.ts", import.meta.url).href;
  const { TfjsEngine } = await import(path) as TfjsModule;
  return await TfjsEngine.create(options, backend, hardware);
}

/** What `tfjs/tfjs_engine.ts` exports. */
interface TfjsModule {
  readonly TfjsEngine: {
    create(
      options: EngineOptions,
      backend: EngineChoice["backend"],
      hardware: string | undefined,
    ): Promise<BareEngine>;
  };
}
