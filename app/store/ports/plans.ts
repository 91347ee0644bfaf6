/** What plans and the first connection to a filled target need to be remembered. */

export interface PlanSeals {
  /** Makes a short text of a longer one that nobody can make without the installation's own key. */
  seal(): Promise<(text: string) => string>;
}

/** That an operator has seen what would be done at a target that was filled before us, and lets it begin. */
export type Adoption = {
  /** Of the report that was accepted. */
  readonly hash: string;
  readonly at: string;
  readonly actor: string;
  readonly note?: string;
};

export interface Adoptions {
  /** null where nobody has accepted it, or it was undone. */
  get(target: string): Promise<Adoption | null>;
  accept(target: string, adoption: Adoption): Promise<void>;
  /** @returns false where nothing was accepted */
  undo(target: string): Promise<boolean>;
}
