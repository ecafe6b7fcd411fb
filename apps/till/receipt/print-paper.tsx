import { Button } from '@tillkeeper/ui/button/button.tsx'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { useRef, useState } from 'react'
import { useKeys } from '../app/use-keys.ts'
import { useNode } from '../app/use-till.ts'
import { useText } from '../words/use-text.ts'
import type { TillDocument } from './document.ts'
import { printPaper } from './reprint.ts'

/** Prints the paper of an act that was just done: the first print is the paper, later ones are copies. */
export function PrintPaper({ id }: { readonly id: string }) {
  const t = useText()
  const node = useNode()
  const [language] = useLanguage()
  const paper = useRef<TillDocument>(undefined)
  const [failed, setFailed] = useState(false)
  const print = async () => {
    paper.current ??= (await node.db.get('document', id)) as TillDocument | undefined
    if (paper.current === undefined) return
    setFailed(!(await printPaper(node, paper.current, { language })).ok)
  }
  useKeys((event) => {
    if (event.key !== 'F10') return false
    void print()
    return true
  })
  return (
    <>
      <span role="alert" className="text-small text-danger empty:hidden">
        {failed && t('copy.notSaved')}
      </span>
      <Button size="pay" shortcut="F10" onClick={() => void print()}>
        {t('paid.print')}
      </Button>
    </>
  )
}
