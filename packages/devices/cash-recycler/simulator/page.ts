import type { Deed, MachineView } from './hands.ts'

// The customer's side of the machine, for fingers: put in, take, see what it holds, and break it.

type Words = Readonly<Record<string, string>>
const words: Readonly<Record<'en' | 'th', Words>> = {
  en: {
    insert: 'Put in: touch a note or a coin',
    outlet: 'Outlet',
    stock: 'What is inside',
    breaks: 'Break it',
    other: 'ไทย',
    lost: 'Not connected',
    empty_tray: 'Nothing lies here',
    take: 'Take all',
    open_cover: 'Open the cover, take the doubted note',
    empty_boxes: 'Empty the boxes (key)',
    unknown: 'Paper it does not know',
    suspicious: 'Doubtful note',
    cassette: 'Fill the cassette, 10 of each',
    due: 'To pay',
    inserted: 'Inserted',
    given: 'Given',
    truth: 'in truth',
    mixed: 'Mixed',
    mend: 'Clear the jam (key)',
    box: 'Box',
    captured: 'Held',
    unsure: 'Wants to be counted again',
    jam_counting: 'Jam while it counts',
    jam_giving: 'Jam after one piece given',
    double_feed: 'Two notes for one',
    power_giving: 'Power fails while it gives',
    power_cycle: 'Pull the plug',
    misbook: 'Wrong book',
    drop_reply: 'Lose the next reply',
    drop_copies: 'Lose the reply and its copies',
    cut_giving: 'Cut the lines while it gives',
    malformed_event: 'Broken news',
    oversized_event: 'News without end',
    hang: 'Hang',
    otherOccupies: 'Another till holds it',
    split: 'Cut frames in two',
    twoRoots: 'Two messages in one',
    busy: 'Not now',
    closed: 'The inlet is closed',
    entrance_full: 'The inlet is full',
    off: 'Off',
    initialising: 'Starting',
    idle: 'Ready',
    starting: 'One moment',
    waiting: 'Put in money',
    counting: 'Counting',
    suspicious_phase: 'A doubtful note is behind the cover',
    calculating: 'Calculating',
    short: 'Not enough change',
    dispensing: 'Giving',
    cancelling: 'Giving back',
    collecting: 'Collecting',
    verifying: 'Counting what is inside',
    remove_out: 'Take your money',
    remove_reject: 'Take back what was not accepted',
    resetting: 'Resetting',
    error: 'Error: trying to help itself',
    blocked: 'Error: needs a person',
  },
  th: {
    insert: 'ใส่เงิน: แตะธนบัตรหรือเหรียญ',
    outlet: 'ช่องรับเงิน',
    stock: 'เงินในเครื่อง',
    breaks: 'ทำให้เสีย',
    other: 'English',
    lost: 'ไม่ได้เชื่อมต่อ',
    empty_tray: 'ไม่มีเงินค้างอยู่',
    take: 'หยิบทั้งหมด',
    open_cover: 'เปิดฝา หยิบธนบัตรที่น่าสงสัย',
    empty_boxes: 'นำเงินออกจากกล่อง (กุญแจ)',
    unknown: 'กระดาษที่เครื่องไม่รู้จัก',
    suspicious: 'ธนบัตรน่าสงสัย',
    cassette: 'เติมตลับ อย่างละ 10',
    due: 'ยอดชำระ',
    inserted: 'ใส่แล้ว',
    given: 'จ่ายออก',
    truth: 'จริง',
    mixed: 'รวม',
    mend: 'แก้ที่ติดขัด (กุญแจ)',
    box: 'กล่อง',
    captured: 'กักไว้',
    unsure: 'ต้องนับใหม่',
    jam_counting: 'ติดขัดขณะนับ',
    jam_giving: 'ติดขัดหลังจ่ายหนึ่งใบ',
    double_feed: 'จ่ายซ้อนสองใบ',
    power_giving: 'ไฟดับขณะจ่าย',
    power_cycle: 'ถอดปลั๊ก',
    misbook: 'ยอดในเครื่องผิด',
    drop_reply: 'คำตอบถัดไปหาย',
    drop_copies: 'คำตอบและสำเนาหาย',
    cut_giving: 'ตัดสายขณะจ่าย',
    malformed_event: 'ข่าวเสีย',
    oversized_event: 'ข่าวยาวไม่สิ้นสุด',
    hang: 'ค้าง',
    otherOccupies: 'เครื่องขายอื่นจองอยู่',
    split: 'ตัดข้อความเป็นสองส่วน',
    twoRoots: 'สองข้อความในหนึ่งเดียว',
    busy: 'ยังไม่ได้',
    closed: 'ช่องใส่เงินปิดอยู่',
    entrance_full: 'ช่องใส่เงินเต็ม',
    off: 'ปิดอยู่',
    initialising: 'กำลังเริ่ม',
    idle: 'พร้อม',
    starting: 'สักครู่',
    waiting: 'กรุณาใส่เงิน',
    counting: 'กำลังนับ',
    suspicious_phase: 'มีธนบัตรน่าสงสัยใต้ฝา',
    calculating: 'กำลังคำนวณ',
    short: 'เงินทอนไม่พอ',
    dispensing: 'กำลังจ่าย',
    cancelling: 'กำลังคืนเงิน',
    collecting: 'กำลังเก็บเงิน',
    verifying: 'กำลังนับเงินในเครื่อง',
    remove_out: 'กรุณาหยิบเงิน',
    remove_reject: 'กรุณาหยิบคืนส่วนที่ไม่รับ',
    resetting: 'กำลังรีเซ็ต',
    error: 'ขัดข้อง: กำลังแก้เอง',
    blocked: 'ขัดข้อง: ต้องให้คนแก้',
  },
}

const search = new URLSearchParams(location.search)
let language: 'en' | 'th' = search.get('lang') === 'th' ? 'th' : 'en'
let view: MachineView | undefined
const say = (key: string) => words[language][key] ?? key
const get = (id: string): HTMLElement => {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`no #${id}`)
  return found
}
const money = (minor: number) =>
  (minor / 100).toLocaleString(language, {
    minimumFractionDigits: minor % 100 === 0 ? 0 : 2,
    maximumFractionDigits: 2,
  })

function make(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  element.className = className
  return element
}

function button(text: string, deed: () => Deed | undefined, className = ''): HTMLButtonElement {
  const element = make('button', text, className) as HTMLButtonElement
  element.type = 'button'
  element.onclick = () => {
    const wanted = deed()
    if (wanted !== undefined) void act(wanted)
  }
  return element
}

async function act(deed: Deed): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch('/do', { method: 'POST', headers, body: JSON.stringify(deed) })
  const { refused } = (await response.json()) as { refused: string | null }
  get('said').textContent = refused === null ? '' : say(refused)
}

const insert = (faceMinor: number, quality: 'fit' | 'unknown' | 'suspicious' = 'fit'): Deed => ({
  hands: { is: 'insert', into: 'entrance', pieces: [{ faceMinor, quality, count: 1 }] },
})

const noteColours = ['#6b5a45', '#5a3f86', '#a33434', '#23578f', '#2f7049', '#4a5666']

const facesOf = (now: MachineView, devId: number) =>
  [...new Set(now.units.filter((unit) => unit.devId === devId).flatMap(({ faces }) => faces))].sort(
    (a, b) => b - a,
  )

/** What does not change while the machine runs, but with the language. */
function drawButtons(now: MachineView): void {
  document.documentElement.lang = language
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = say(element.dataset.text ?? '')
  }
  get('title').textContent = `${now.profile} · ${now.currency}`
  get('language').textContent = say('other')
  const notes = facesOf(now, 1).map((face, index) => {
    const note = button(money(face), () => insert(face), 'note')
    note.style.background = noteColours[index] ?? '#4a5666'
    return note
  })
  get('notes').replaceChildren(...notes)
  get('coins').replaceChildren(
    ...facesOf(now, 2).map((face) => button(money(face), () => insert(face), 'coin')),
  )
  const [highest = 0] = facesOf(now, 1)
  const tool = (name: string, deed: () => Deed) =>
    now.tools.includes(name) ? [button(say(name), deed)] : []
  get('odd').replaceChildren(
    ...tool('unknown', () => insert(highest, 'unknown')),
    ...tool('suspicious', () => insert(highest, 'suspicious')),
  )
  get('hands').replaceChildren(
    button(say('take'), () => ({ hands: { is: 'take' } }), 'main'),
    ...tool('open_cover', () => ({ hands: { is: 'open_cover' } })),
    ...tool('empty_boxes', () => ({ hands: { is: 'empty_boxes' } })),
    ...tool('cassette', () => fillCassette(now)),
    ...tool('mend', () => ({ hands: { is: 'mend' } })),
  )
  drawBreaks(now)
}

function fillCassette(now: MachineView): Deed {
  const faces = now.units.filter(({ kind }) => kind === 'recycling').flatMap((unit) => unit.faces)
  const pieces = faces.map((faceMinor) => ({ faceMinor, quality: 'fit' as const, count: 10 }))
  return { hands: { is: 'insert', into: 'cassette', pieces } }
}

function drawBreaks(now: MachineView): void {
  const { moods } = now
  const jam = (kind: 'jam_counting' | 'jam_giving' | 'double_feed' | 'power_giving', after = 0) =>
    ({ hands: { is: 'arm', fault: { kind, after } } }) as const
  const lost = { kind: 'drop_reply', root: 'ChangeResponse' } as const
  const misbook = (): Deed | undefined => {
    const unit = now.units.find(({ kind }) => kind === 'recycling')
    if (unit === undefined) return undefined
    const { devId, unitNo, faces } = unit
    return { hands: { is: 'misbook', devId, unitNo, faceMinor: faces[0] ?? 0, count: -1 } }
  }
  const once: Readonly<Record<string, () => Deed | undefined>> = {
    jam_counting: () => jam('jam_counting'),
    jam_giving: () => jam('jam_giving', 1),
    double_feed: () => jam('double_feed'),
    power_giving: () => jam('power_giving'),
    power_cycle: () => ({ hands: { is: 'power_cycle' } }),
    misbook,
    drop_reply: () => ({ wire: lost }),
    drop_copies: () => ({ wire: { ...lost, copies: true } }),
    cut_giving: () => ({ wire: { kind: 'cut_giving' } }),
    malformed_event: () => ({ wire: { kind: 'malformed_event' } }),
    oversized_event: () => ({ wire: { kind: 'oversized_event' } }),
  }
  const until: Readonly<Record<string, readonly [on: boolean, deed: Deed]>> = {
    hang: [moods.hang, { moods: { hang: !moods.hang } }],
    otherOccupies: [moods.otherOccupies, { moods: { otherOccupies: !moods.otherOccupies } }],
    split: [
      moods.chop === 'split',
      { moods: { chop: moods.chop === 'split' ? 'whole' : 'split' } },
    ],
    twoRoots: [moods.twoRoots, { moods: { twoRoots: !moods.twoRoots } }],
  }
  const elements = now.breaks.map((name) => {
    const [on, deed] = until[name] ?? []
    const element = button(say(name), deed === undefined ? (once[name] ?? misbook) : () => deed)
    if (on !== undefined) element.ariaPressed = String(on)
    return element
  })
  get('breaks').replaceChildren(...elements)
}

function draw(now: MachineView): void {
  const broken = now.error !== null || now.phase === 'off'
  get('screen').className = broken ? 'fault' : ''
  const phase = now.phase === 'suspicious' ? 'suspicious_phase' : now.phase
  const code = now.error ? ` (${now.error.code.toString(16).padStart(4, '0')})` : ''
  get('phase').textContent = say(phase) + code
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).reduce((all, [face, count]) => all + Number(face) * count, 0)
  const { operation } = now
  const figures: [string, number][] = operation
    ? [
        ...(operation.kind === 'pay_in'
          ? [['due', operation.amountMinor] as [string, number]]
          : []),
        ['inserted', sum(operation.taken)],
        ['given', sum(operation.given)],
      ]
    : []
  get('amounts').replaceChildren(
    ...figures.map(([name, minor]) => {
      const figure = make('div', '')
      figure.append(make('div', say(name), 'name'), make('div', money(minor), 'figure'))
      return figure
    }),
  )
  const lies = [...now.places.exit, ...now.places.reject]
  get('lies').replaceChildren(
    ...(lies.length === 0
      ? [make('span', say('empty_tray'))]
      : lies.map(({ faceMinor, count }) => make('b', `${count} × ${money(faceMinor)}`))),
  )
  const [take] = get('hands').children
  if (take instanceof HTMLButtonElement) take.disabled = lies.length === 0
  for (const [id, devId] of [['noteUnits', 1] as const, ['coinUnits', 2] as const]) {
    const units = now.units.filter((unit) => unit.devId === devId)
    get(id).replaceChildren(...units.map((unit) => drawUnit(now, unit)))
  }
}

function drawUnit(now: MachineView, unit: MachineView['units'][number]): HTMLElement {
  const count = (of: Readonly<Record<string, number>>) =>
    Object.values(of).reduce((sum, pieces) => sum + pieces, 0)
  const [believed, real] = [count(unit.booked), count(unit.truth)]
  const [face = 0] = unit.faces
  const kinds = { recycling: 'mixed', box: 'box', capture: 'captured' } as const
  const single = unit.kind === 'recycling' && unit.faces.length === 1
  const name = single ? money(face) : say(kinds[unit.kind])
  const element = make('div', '', 'unit')
  const bar = make('div', '', `bar ${unit.level} ${unit.kind === 'recycling' ? '' : 'box'}`)
  const fill = document.createElement('i')
  fill.style.height = `${Math.round((believed / unit.max) * 100)}%`
  bar.append(fill)
  element.append(make('strong', name), bar, make('span', `${believed} / ${unit.max}`))
  if (real !== believed) element.append(make('div', `${say('truth')} ${real}`, 'wrong'))
  else if (now.unsure.includes(unit.devId)) element.append(make('div', '↻', 'wrong'))
  if (now.unsure.includes(unit.devId)) element.title = say('unsure')
  return element
}

get('language').onclick = () => {
  language = language === 'en' ? 'th' : 'en'
  if (view === undefined) return
  drawButtons(view)
  draw(view)
}

const news = new EventSource('/news')
news.onerror = () => {
  get('line').textContent = say('lost')
}
news.onmessage = ({ data }: MessageEvent<string>) => {
  const now = JSON.parse(data) as MachineView
  const first = view === undefined
  const moved = JSON.stringify(view?.moods) !== JSON.stringify(now.moods)
  view = now
  get('line').textContent = ''
  if (first) drawButtons(now)
  else if (moved) drawBreaks(now)
  draw(now)
}
