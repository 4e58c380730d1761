/**
 * The same search without disasters.
 *
 * @module
 */
import { VirtualClock } from "../../actors/runtime/mod.ts";
import { Random } from "../../random.ts";
import { prepareSimulation } from "../prepare.ts";
import { runSimulation, simulationId } from "../run_simulation.ts";
import type { Settings } from "./draw_settings.ts";
import { SimulatedDisk } from "./simulated_disk.ts";
import { SimulatedFolder } from "./simulated_folder.ts";

/**
 * Run a search on one trainer, to which nothing happens.
 *
 * @param folder Where it is to have its files.
 * @returns The disk with them.
 */
export async function undisturbed(settings: Settings, folder: string): Promise<SimulatedDisk> {
  const { stragglers: _stragglers, mtbf: _mtbf, ...others } = settings;
  const prepared = await prepareSimulation({
    ...others,
    trainers: ["1"],
    cost: "constant:1s",
    latency: "0ms",
  });
  const clock = new VirtualClock();
  const disk = new SimulatedDisk(new Random(0));
  const files = disk.mountFaultless(clock);
  await runSimulation(
    prepared,
    {
      clock,
      files,
      folder: new SimulatedFolder(folder, simulationId(prepared), files),
      how: "begin",
    },
    { emit: () => {}, signal: new AbortController().signal },
  );
  return disk;
}
