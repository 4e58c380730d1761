/**
 * The folder of a run on a simulated disk.
 *
 * @module
 */
import type { RunFolder } from "../../actors/population/recorded_population.ts";
import { type ConfigurationFile, configurationFile } from "../../actors/record/run_directory.ts";
import type { MountedDisk } from "./simulated_disk.ts";

/** Writes what a {@linkcode RunFolder} writes to a disk in memory, whole or not at all. */
export class SimulatedFolder implements RunFolder {
  readonly path: string;
  readonly id: string;
  readonly #disk: MountedDisk;

  constructor(path: string, id: string, disk: MountedDisk) {
    this.path = path;
    this.id = id;
    this.#disk = disk;
  }

  file(name: string): string {
    return `${this.path}/${name}`;
  }

  writeConfiguration(
    kind: ConfigurationFile["kind"],
    source: string,
    configuration: ConfigurationFile["configuration"],
  ): void {
    this.writeJson("config.json", configurationFile(this.id, kind, source, configuration));
  }

  writeJson(name: string, value: unknown): void {
    this.#disk.replace(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }
}
