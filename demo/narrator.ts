/** Tells the demo's story on standard output, with the time since it began. */

export type Narrator = {
  /** A new scene. */
  scene(title: string): void;
  /** What happened. */
  say(line: string): void;
};

export function createNarrator(write: (line: string) => void, startedAt: number): Narrator {
  let scenes = 0;
  const stamp = () => `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)}s`;
  return {
    scene(title) {
      scenes += 1;
      write('');
      write(`${stamp()}  ${scenes}. ${title}`);
    },
    say(line) {
      write(`${stamp()}     ${line}`);
    },
  };
}
