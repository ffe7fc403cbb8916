/** What only one tab of this page may do at a time. */

/** Runs a task with nobody beside it; without the task's answer if another tab is at it. */
export type Alone = <T>(task: () => Promise<T>) => Promise<T | undefined>;

/** By the browser's locks, which end with the tab. A browser without them has storage alone. */
export function aloneBy(name: string, locks: LockManager | undefined): Alone {
  return async (task) => {
    if (locks === undefined) return task();
    return locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? undefined : task()));
  };
}
