import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { type PaperLine, readPaper } from './paper-lines.ts'

/**
 * A receipt or report as it prints: black on white in any theme. Its columns are drawn as columns,
 * since letters of Thai do not stand in a grid as those of a receipt printer do.
 */
export function Paper({ text }: { readonly text: string }) {
  return (
    <div
      data-print="paper"
      className="mx-auto w-full max-w-[21.5rem] border border-line bg-white px-4 py-6 font-mono text-[0.75rem] leading-[1.5] text-black"
    >
      {readPaper(text).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a printed text have no other name.
        <Line key={index} line={line} />
      ))}
    </div>
  )
}

function Line({ line }: { readonly line: PaperLine }) {
  if (line.kind === 'rule')
    return <hr className="my-2 border-0 border-t border-dashed border-black" />
  if (line.kind === 'gap') return <div className="h-[0.75em]" />
  if (line.kind === 'columns') {
    return (
      <div className="flex justify-between gap-4">
        <span className="min-w-0 whitespace-pre-wrap">{line.left}</span>
        <span className="whitespace-nowrap">{line.right}</span>
      </div>
    )
  }
  return (
    <div className={joinClasses('whitespace-pre-wrap', line.kind === 'centre' && 'text-center')}>
      {line.text}
    </div>
  )
}
