import 'uplot/dist/uPlot.min.css'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFigures } from '@tillkeeper/ui/money/format-money.ts'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { type Hours, hoursInSight } from './figures.ts'

const heightPx = 208

/** Draws the hours on a canvas. What it shows stands also in text beside it. */
export function HoursCanvas({
  now,
  usual,
  currency,
  day,
}: {
  readonly now: Hours
  readonly usual: Hours | undefined
  readonly currency: Currency
  readonly day: string
}) {
  const [language] = useLanguage()
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const latest = useRef<uPlot.AlignedData>([[]])
  latest.current = alignHours(now, usual)
  const ink = useRef({ language, currency })
  ink.current = { language, currency }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another day or language is another plot; new figures of the same only move its lines, below.
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const draw = () => {
      plot.current?.destroy()
      plot.current = new uPlot(
        plotOptions(element, (amount) =>
          formatFigures(minor(Math.round(amount)), ink.current).replace(/[.,]00$/, ''),
        ),
        latest.current,
        element,
      )
    }
    draw()
    const watch = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: heightPx })
    })
    watch.observe(element)
    // The canvas knows colours only as they were when it was drawn.
    const scheme = window.matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      watch.disconnect()
      scheme.removeEventListener('change', draw)
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [day, language, currency])

  useEffect(() => {
    plot.current?.setData(alignHours(now, usual))
  }, [now, usual])
  return <div ref={box} aria-hidden="true" style={{ height: heightPx }} />
}

function alignHours(now: Hours, usual: Hours | undefined): uPlot.AlignedData {
  const [first, last] = hoursInSight([now, usual])
  const hours = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const lastSold = now.findLastIndex((amount) => amount !== 0)
  return [
    hours,
    hours.map((hour) => usual?.[hour] ?? null),
    // The line ends with the day so far; it does not fall to zero for hours that are yet to come.
    hours.map((hour) => (hour <= lastSold ? (now[hour] ?? 0) : null)),
  ]
}

function plotOptions(element: HTMLElement, write: (amount: number) => string): uPlot.Options {
  const colour = (name: string) => readColour(element, name)
  const grid = { stroke: colour('--line'), width: 1 }
  const font = '12px "IBM Plex Sans", "IBM Plex Sans Thai", sans-serif'
  const axis = { stroke: colour('--ink-faint'), font, ticks: { show: false } }
  return {
    width: element.clientWidth,
    height: heightPx,
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: { range: (_plot, _low, high) => [0, Math.max(100, high * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 30,
        incrs: [1, 2, 3, 4, 6],
        space: 44,
        values: (_plot, hours) => hours.map((hour) => `${String(hour).padStart(2, '0')}:00`),
      },
      {
        ...axis,
        grid,
        size: 72,
        space: 44,
        values: (_plot, amounts) => amounts.map(write),
      },
    ],
    series: [
      {},
      {
        stroke: colour('--ink-faint'),
        width: 1.5,
        dash: [4, 4],
        points: { show: false },
        spanGaps: true,
      },
      {
        stroke: colour('--accent'),
        width: 2.5,
        points: { show: true, size: 6, fill: colour('--surface'), width: 2 },
      },
    ],
  }
}

// A property holds `light-dark(…)`; only a drawn colour says which of the two it is.
function readColour(element: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  element.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
