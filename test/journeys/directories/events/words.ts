/** The words that rows of the table are written in. */
import type { Changes } from '../accounts.ts';
import type { Column } from '../column.ts';
import type { World } from '../world.ts';

export function each(names: readonly string[], change: Changes[string]): Changes {
  return Object.fromEntries(names.map((name) => [name, change]));
}

export function off(name: string): Changes {
  return { [name]: { active: false } };
}

/** The administrator gives these attributes one new value each. */
export function set(name: string, values: Readonly<Record<string, string>>) {
  return (world: World): Promise<void> => world.change(name, { replace: values });
}

export function sweep(column: Column): Promise<void> {
  return column.read('sweep');
}

export function nameManager(world: World, name: string, manager: string): Promise<void> {
  return world.change(name, { replace: { manager: world.dnOf(manager) } });
}
