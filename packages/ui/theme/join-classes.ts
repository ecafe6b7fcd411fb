/** One class list out of the parts that are there. */
export function joinClasses(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined && part !== '').join(' ')
}
