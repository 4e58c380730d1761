/**
 * What Deno must allow for runs, and for the threads and processes that compute for them.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { onnxBinding } from "../models/engines/onnx/binding.ts";
import { type EngineChoice, engineChoices } from "../models/mod.ts";
import { ConfigurationError } from "../options.ts";
import { type Need, reads, replaces, writes } from "../permissions.ts";
import type { EngineWish } from "../training/engine_on.ts";
import { needsProcess } from "./devices/devices.ts";
import { isModule } from "./own/own_function.ts";

/** What a run, or many, need of their folder. */
export function folderNeeds(directory: string): Need[] {
  return replaces(directory, "the folder of the run");
}

/** What a run needs where it makes its folder, and the one around it. */
export function newFolderNeeds(directory: string): Need[] {
  if (typeof directory !== "string" || directory === "") return []; // refused where it is made
  const around = directory.replace(/\/*[^/]*\/*$/, "");
  if (around === "") return folderNeeds(directory);
  const needs = [...folderNeeds(directory), writes(around, "the folder of the run")];
  return needs.map((need) => ({ ...need, value: around }));
}

/**
 * What training on devices needs.
 *
 * @param devices Expanded.
 * @throws {ConfigurationError} If there is no such engine, or it has no such backend.
 */
export function trainingNeeds(
  devices: readonly string[],
  { engine, backend, isolation = "worker" }: EngineWish & { isolation?: "worker" | "process" },
): Need[] {
  if (isolation === "process" || needsProcess(devices, { engine, backend })) {
    return processNeeds("processes that train");
  }
  let choice: EngineChoice | undefined;
  try {
    [choice] = engineChoices({ type: "cpu" }, engine, backend);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
  const permission = { name: "ffi", path: onnxBinding() } as const;
  const library = { permission, value: "", purpose: "ONNX Runtime" };
  return [...threadNeeds(), ...choice!.engine === "onnx" ? [library] : []];
}

/**
 * What modules of the user's own need, which are loaded on threads.
 *
 * @param named What options name: paths and URLs; names that they know are passed over.
 */
export function moduleNeeds(named: readonly (string | undefined)[]): Need[] {
  const modules = named.filter((text) => text !== undefined).filter(isModule);
  if (modules.length === 0) return [];
  return [...threadNeeds(), ...modules.flatMap((module) => fileNeeds(module, "a module of yours"))];
}

/** What is not on this machine is not read from its disk. */
function fileNeeds(module: string, purpose: string): Need[] {
  if (!URL.canParse(module)) return [reads(module, purpose)];
  try {
    return [reads(fileURLToPath(module), purpose)];
  } catch {
    return [];
  }
}

/** What a network needs, if one is named: one in a file is loaded in a process. */
export function networkNeeds(network: string | undefined): Need[] {
  if (network === undefined || !isModule(network)) return [];
  const purpose = "the network in a file";
  return [...fileNeeds(network, purpose), ...processNeeds(purpose)];
}

/** A thread loads modules of this package as if they were the user's. */
function threadNeeds(): Need[] {
  const root = new URL("../", import.meta.url);
  if (root.protocol !== "file:") return [];
  const path = fileURLToPath(new URL("./roles/measurer.ts", import.meta.url));
  return [{ ...reads(path, "modules of mddes"), value: fileURLToPath(root) }];
}

/** A process gets the environment of this one. */
export function processNeeds(purpose: string): Need[] {
  const command = Deno.execPath();
  return [
    { permission: { name: "run", command }, value: command, purpose },
    { permission: { name: "env" }, value: "", purpose },
  ];
}
