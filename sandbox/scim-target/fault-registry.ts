/**
 * The faults that are switched on, in the order they were added, and which of them strike a request. It counts how
 * often each one struck; a fault whose count is used up stays listed, so that a test can see that it was met.
 */
import { appliesTo, type Fault, matches, type Occasion, takesOver } from './fault.ts';

export type FaultView = { readonly id: string; readonly struck: number; readonly fault: Fault };

export class FaultRegistry {
  private views: readonly FaultView[] = [];
  private added = 0;
  private readonly random: () => number;

  /** @param random a number from 0 up to, but not including, 1 */
  constructor(random: () => number) {
    this.random = random;
  }

  add(fault: Fault): FaultView {
    this.added += 1;
    const view = { id: String(this.added), struck: 0, fault };
    this.views = [...this.views, view];
    return view;
  }

  list(): readonly FaultView[] {
    return this.views;
  }

  /** @returns false where there is no such fault */
  remove(id: string): boolean {
    const before = this.views.length;
    this.views = this.views.filter((view) => view.id !== id);
    return this.views.length < before;
  }

  clear(): void {
    this.views = [];
  }

  /**
   * The faults that strike this request, each counted once. Of those that answer instead of the target only the
   * first strikes; the next one waits for the next request, so faults that strike once make a sequence.
   */
  strike(occasion: Occasion): readonly Fault[] {
    const struck: FaultView[] = [];
    for (const view of this.views) {
      if (takesOver(view.fault) && struck.some((earlier) => takesOver(earlier.fault))) continue;
      if (this.strikes(view, occasion)) struck.push(view);
    }
    this.views = this.views.map((view) =>
      struck.includes(view) ? { ...view, struck: view.struck + 1 } : view,
    );
    return struck.map((view) => view.fault);
  }

  private strikes({ fault, struck }: FaultView, occasion: Occasion): boolean {
    if (fault.count !== undefined && struck >= fault.count) return false;
    return appliesTo(fault, occasion) && matches(fault, occasion) && this.random() < fault.probability;
  }
}
