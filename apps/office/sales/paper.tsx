/** Text as it comes out of a receipt printer: letters of one width on white paper, in any theme. */
export function Paper({ text }: { readonly text: string }) {
  return (
    <div className="overflow-x-auto">
      <pre
        data-print="paper"
        // A printed page has its own scrolling; on the screen a long line is reached by keyboard too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to take the focus.
        tabIndex={0}
        className="m-0 mx-auto w-fit min-w-72 border border-line bg-white px-5 py-6 font-mono text-[0.8125rem] leading-[1.5] text-black"
      >
        {text}
      </pre>
    </div>
  )
}
