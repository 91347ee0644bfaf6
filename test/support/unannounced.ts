/** Who is on the list of what is not announced yet, as a list to compare. */
import type { Identities, Unannounced } from '../../app/store/ports/index.ts';

export async function unannounced(identities: Identities, source: string): Promise<readonly Unannounced[]> {
  const list = await identities.unannounced(source);
  const all: Unannounced[] = [];
  for await (const batch of list.batches()) all.push(...batch);
  await list.drop();
  return all;
}
