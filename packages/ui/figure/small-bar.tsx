/** A share of the largest, as a bar beside the figure that it repeats; so it is hidden from readers. */
export function SmallBar({ part, whole }: { readonly part: number; readonly whole: number }) {
  const share = whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className="block h-1.5 w-full"
    >
      <rect width="100" height="6" rx="1" className="fill-sunken" />
      <rect width={share * 100} height="6" rx="1" className="fill-accent" />
    </svg>
  )
}
