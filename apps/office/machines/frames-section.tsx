import { useQuery } from '@tanstack/react-query'
import type { RecyclerView } from '@tillkeeper/client/api/recycler-shapes.ts'
import { Button } from '@tillkeeper/ui/button/button.tsx'
import { formatInstant } from '@tillkeeper/ui/time/format-time.ts'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useClients } from '../api/clients.tsx'
import type { Frame } from '../api/machine-questions.ts'
import { queries } from '../api/queries.ts'
import { useText } from '../messages/use-text.ts'
import { Answer } from '../shell/answer.tsx'
import { Section } from '../shell/page-head.tsx'
import { useTimeZone } from '../shell/use-scope.ts'
import { saveFile } from '../table/csv.ts'

/** What went over the wire to a machine, as it came and went: for who has to find out why. */
export function FramesSection({ machine }: { readonly machine: RecyclerView }) {
  const t = useText()
  const [isOpen, setOpen] = useState(false)
  return (
    <Section
      title={t('machine.frames')}
      action={
        <Button look="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t(isOpen ? 'machine.frames.hide' : 'machine.frames.show')}
        </Button>
      }
    >
      {isOpen ? (
        <Frames machine={machine} />
      ) : (
        <p className="m-0 px-5 pb-4 text-small text-ink-soft">{t('machine.frames.note')}</p>
      )}
    </Section>
  )
}

function Frames({ machine }: { readonly machine: RecyclerView }) {
  const t = useText()
  const { api } = useClients()
  const zone = useTimeZone()(machine.shopId)
  const asked = useQuery(queries(api).frames(machine.id))
  return (
    <Answer asked={asked}>
      {({ items }) => {
        return items.length === 0 ? (
          <p className="m-0 px-5 pb-4 text-small text-ink-soft">{t('machine.frames.none')}</p>
        ) : (
          <div className="flex flex-col items-start gap-3 px-5 pb-5">
            {/* Read, marked and copied by keys as by mouse. */}
            <textarea
              readOnly
              rows={16}
              wrap="off"
              spellCheck={false}
              aria-label={t('machine.frames')}
              value={newestFirst(items).map(lineOf(zone)).join('\n')}
              className="w-full rounded-md border border-line bg-sunken p-3 font-mono text-[0.75rem] leading-[1.6] text-ink"
            />
            <Button
              icon={<Download aria-hidden="true" size={16} />}
              onClick={() => saveFrames(machine.name, items)}
            >
              {t('machine.frames.save')}
            </Button>
          </div>
        )
      }}
    </Answer>
  )
}

// The newest stands above: it is what one looks for while something goes wrong.
const newestFirst = (frames: readonly Frame[]) =>
  frames.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))

// Bytes that no letter stands for, such as what ends a frame, by their pictures of U+2400.
const visible = (text: string) =>
  text.replace(/\p{Cc}/gu, (byte) =>
    String.fromCodePoint(
      (byte.codePointAt(0) ?? 0) < 0x20 ? 0x2400 + (byte.codePointAt(0) ?? 0) : 0x2421,
    ),
  )

/** A frame as a line: when, which way, and what. */
const lineOf =
  (timeZone: string) =>
  ({ at, direction, text }: Frame): string => {
    const clock = formatInstant(at, 'seconds', { language: 'en', timeZone })
    return `${clock} ${direction === 'in' ? '\u2190' : '\u2192'} ${visible(text)}`
  }

function saveFrames(name: string, frames: readonly Frame[]): void {
  const lines = frames.map(({ at, direction, text }) => `${at} ${direction} ${text}\n`)
  saveFile(`machine-${name}.log`, new Blob(lines, { type: 'text/plain;charset=utf-8' }))
}
