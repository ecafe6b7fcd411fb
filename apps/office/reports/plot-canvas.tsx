import 'uplot/dist/uPlot.min.css'
import { type Currency, minor } from '@tillkeeper/core/money/money.ts'
import { useLanguage } from '@tillkeeper/ui/language/i18n.tsx'
import { formatFigures } from '@tillkeeper/ui/money/format-money.ts'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'

const heightPx = 240

/** One line of a plot: an amount or nothing for each place on the axis. */
export type PlotLine = {
  readonly values: readonly (number | null)[]
  readonly look: 'accent' | 'ink' | 'limit'
}

/** Draws amounts in their order on a canvas. What it shows stands also in the table beside it. */
export function PlotCanvas({
  labels,
  lines,
  currency,
}: {
  readonly labels: readonly string[]
  readonly lines: readonly PlotLine[]
  readonly currency: Currency
}) {
  const [language] = useLanguage()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    let plot: uPlot | undefined
    const write = (amount: number) =>
      formatFigures(minor(Math.round(amount)), { language, currency }).replace(/[.,]00$/, '')
    const draw = () => {
      plot?.destroy()
      const places = labels.map((_, index) => index)
      const data: uPlot.AlignedData = [places, ...lines.map(({ values }) => [...values])]
      plot = new uPlot(plotOptions(element, { labels, lines, write }), data, element)
    }
    draw()
    const watch = new ResizeObserver(() => {
      plot?.setSize({ width: element.clientWidth, height: heightPx })
    })
    watch.observe(element)
    // The canvas knows colours only as they were when it was drawn.
    const scheme = window.matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', draw)
    return () => {
      watch.disconnect()
      scheme.removeEventListener('change', draw)
      plot?.destroy()
    }
  }, [labels, lines, language, currency])
  return <div ref={box} aria-hidden="true" style={{ height: heightPx }} />
}

function plotOptions(
  element: HTMLElement,
  {
    labels,
    lines,
    write,
  }: {
    readonly labels: readonly string[]
    readonly lines: readonly PlotLine[]
    readonly write: (amount: number) => string
  },
): uPlot.Options {
  const colour = (name: string) => readColour(element, name)
  const font = '12px "IBM Plex Sans", "IBM Plex Sans Thai", sans-serif'
  const axis = { stroke: colour('--ink-faint'), font, ticks: { show: false } }
  const looks = {
    accent: { stroke: colour('--accent'), width: 2.5, points: { show: true, size: 6 } },
    ink: { stroke: colour('--ink-faint'), width: 1.5, points: { show: false } },
    limit: { stroke: colour('--danger'), width: 1.5, dash: [5, 5], points: { show: false } },
  }
  return {
    width: element.clientWidth,
    height: heightPx,
    // Half of the last label stands to the right of its place.
    padding: [12, 28, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    // A day by itself stands in the middle, not on the edge.
    scales: { x: { time: false, ...(labels.length === 1 && { range: [-1, 1] as const }) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 38,
        gap: 12,
        space: 64,
        incrs: [1, 2, 3, 5, 7, 14, 30, 60],
        values: (_plot, places) => places.map((place) => labels[place] ?? ''),
      },
      {
        ...axis,
        grid: { stroke: colour('--line'), width: 1 },
        size: 84,
        space: 40,
        values: (_plot, amounts) => amounts.map(write),
      },
    ],
    series: [{}, ...lines.map(({ look }) => looks[look])],
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
