/** How much one person may bring, and one expression may give: expressions have no time limit of their own. */

export const MOST_VALUES = 1000;

/** In UTF-16 units. */
export const LONGEST_VALUE = 65_536;
