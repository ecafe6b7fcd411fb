import { joinClasses } from '@tillkeeper/ui/theme/join-classes.ts'
import { Fragment } from 'react'
import { cellClass, splitCells } from './split-cells.ts'

/**
 * A receipt as it will be printed. Signs that a fixed face may not have stand each in a cell of their
 * own, so that columns stay columns in Thai; who cannot see it hears the plain text.
 */
export function ReceiptPaper({
  text,
  className,
}: {
  readonly text: string
  readonly className?: string
}) {
  const lines = text.split('\n').map((line, index) => ({ key: index, line }))
  return (
    <div className={joinClasses('paper', className)}>
      <pre className="sr-only">{text}</pre>
      <div aria-hidden="true">
        {lines.map(({ key, line }) => (
          <div key={key} className="min-h-[1.55em]">
            {splitCells(line).map((run) =>
              run.kind === 'plain' ? (
                <Fragment key={run.at}>{run.text}</Fragment>
              ) : (
                <span key={run.at} className={cellClass(run.text)}>
                  <span>{run.text}</span>
                </span>
              ),
            )}
          </div>
        ))}
      </div>
    </div>
  )
}
