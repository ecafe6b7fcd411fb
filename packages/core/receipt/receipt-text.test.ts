import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Currency, minor } from '../money/money.ts'
import { decideRefundSale } from '../refund/refund-sale.ts'
import { decideCompleteSale } from '../sale/complete-sale.ts'
import {
  fullDrawer,
  openSession,
  ownAuthority,
  shopId,
  someSale,
  staffId,
  thb,
} from '../sale/sale.gen.ts'
import { noTotals } from '../till/session-totals.ts'
import { cellWidth } from './cell-width.ts'
import { receiptText } from './receipt-text.ts'
import type { MovementPaper, RefundReceipt, SaleReceipt, SessionReport } from './receipt-view.ts'
import { receiptWords } from './words.ts'

const issued = {
  shop: {
    name: 'ร้านขนมปังบ้านสวน สาขาทองหล่อ',
    address: '12 ซอยสุขุมวิท 55 แขวงคลองตันเหนือ เขตวัฒนา กรุงเทพฯ',
    taxNumber: '0105551234567',
    timeZone: 'Asia/Bangkok',
    receiptFooter: 'ขอบคุณค่ะ',
  },
  tillNumber: 2,
  staffName: 'Nok',
  currency: 'THB' as Currency,
}
const sale: SaleReceipt = {
  ...issued,
  kind: 'sale',
  receiptNumber: 'RCP-261120-020042',
  occurredAt: '2026-11-20T07:05:00.000Z',
  lines: [
    {
      name: 'Coffee',
      quantity: 2_000,
      unitPriceMinor: minor(4_500),
      discountMinor: minor(0),
      totalMinor: minor(9_000),
    },
    {
      name: 'ข้าวเหนียวมะม่วงน้ำกะทิสดโรยถั่วทอง ชุดใหญ่สำหรับสองคน',
      quantity: 1_000,
      unitPriceMinor: minor(12_000),
      discountMinor: minor(500),
      totalMinor: minor(11_500),
    },
    {
      name: 'Cheese',
      quantity: 250,
      unitPriceMinor: minor(100_000),
      discountMinor: minor(0),
      totalMinor: minor(25_000),
    },
  ],
  taxes: [
    { vatBasisPoints: 0, netMinor: minor(25_000), taxMinor: minor(0) },
    { vatBasisPoints: 700, netMinor: minor(19_159), taxMinor: minor(1_341) },
  ],
  totalMinor: minor(45_500),
  tenders: [
    { method: 'promptpay', givenMinor: minor(20_000) },
    { method: 'cash', givenMinor: minor(30_000) },
  ],
  changeMinor: minor(4_500),
  customerNumber: '17850',
  note: 'no sugar',
}
const usd = 'USD' as Currency
const abroad: SaleReceipt = {
  ...sale,
  lines: sale.lines.slice(0, 1),
  taxes: sale.taxes.slice(1),
  totalMinor: minor(9_010),
  tenders: [
    {
      method: 'cash',
      givenMinor: minor(68_500),
      foreign: { currency: usd, givenMinor: minor(2_000), rateId: '1', rate: 3425, scale: 2 },
    },
  ],
  changeMinor: minor(59_500),
  change: [{ currency: usd, minor: minor(1_700), baseMinor: minor(58_225) }],
  roundingMinor: minor(-10),
}

const refund: RefundReceipt = {
  ...issued,
  kind: 'refund',
  receiptNumber: 'RCP-261121-020001',
  saleReceiptNumber: 'RCP-261120-020042',
  occurredAt: '2026-11-20T18:30:00.000Z',
  lines: [{ name: 'Coffee', quantity: 1_000, totalMinor: minor(4_500) }],
  taxes: [{ vatBasisPoints: 700, netMinor: minor(4_206), taxMinor: minor(294) }],
  totalMinor: minor(4_500),
  tenders: [{ method: 'cash', givenMinor: minor(4_500) }],
  reason: 'cold',
}
const report: SessionReport = {
  ...issued,
  kind: 'z',
  businessDate: '2026-11-20',
  openedAt: '2026-11-20T01:00:00.000Z',
  floatMinor: minor(100_000),
  totals: {
    ...noTotals,
    sales: 1,
    salesMinor: minor(45_500),
    refunds: 1,
    refundsMinor: minor(4_500),
    taxMinor: minor(1_047),
    cashInMinor: minor(30_500),
    cashOutMinor: minor(6_500),
    payInMinor: minor(5_000),
    payOutMinor: minor(2_000),
    droppedMinor: minor(20_000),
    toppedUpMinor: minor(1_000),
    promptpayMinor: minor(20_000),
    machineMinor: minor(0),
  },
  expectedMinor: minor(105_000),
  close: {
    countedMinor: minor(104_975),
    countedPieces: [
      { faceMinor: minor(100_000), pieces: 1 },
      { faceMinor: minor(25), pieces: 199 },
    ],
    expectedMinor: minor(105_000),
    varianceMinor: minor(-25),
    note: 'a coin fell',
    closedAt: '2026-11-20T11:00:00.000Z',
  },
}

test('a receipt in English', () => {
  expect(receiptText(sale, { language: 'en' })).toMatchInlineSnapshot(`
    "        ร้านขนมปังบ้านสวน สาขาทองหล่อ
      12 ซอยสุขุมวิท 55 แขวงคลองตันเหนือ เขตวัฒนา
                     กรุงเทพฯ
               Tax ID 0105551234567
    ------------------------------------------
                     RECEIPT
    RCP-261120-020042        20 Nov 2026 14:05
    Till 2 · Nok
    Customer 17850
    ------------------------------------------
    Coffee
      2 x 45.00                          90.00
    ข้าวเหนียวมะม่วงน้ำกะทิสดโรยถั่วทอง ชุดใหญ่
    สำหรับสองคน                          120.00
      Discount                           -5.00
    Cheese
      0.25 x 1,000.00                   250.00
    ------------------------------------------
    TOTAL THB                           455.00
    PromptPay                           200.00
    Cash                                300.00
    Change                               45.00
    ------------------------------------------
    VAT 0% net 250.00                     0.00
    VAT 7% net 191.59                    13.41
    Note: no sugar

                     ขอบคุณค่ะ
    "
  `)
})

test('a receipt in Thai, printed again, not yet sent', () => {
  expect(receiptText(sale, { language: 'th', copy: true, offline: true })).toMatchInlineSnapshot(`
    "        ร้านขนมปังบ้านสวน สาขาทองหล่อ
      12 ซอยสุขุมวิท 55 แขวงคลองตันเหนือ เขตวัฒนา
                     กรุงเทพฯ
         เลขประจำตัวผู้เสียภาษี 0105551234567
    ------------------------------------------
                   ใบเสร็จรับเงิน
                  *** สำเนา ***
                  *** ออฟไลน์ ***
    RCP-261120-020042       20 พ.ย. 2569 14:05
    จุดขาย 2 · Nok
    ลูกค้า 17850
    ------------------------------------------
    Coffee
      2 x 45.00                          90.00
    ข้าวเหนียวมะม่วงน้ำกะทิสดโรยถั่วทอง ชุดใหญ่
    สำหรับสองคน                          120.00
      ส่วนลด                              -5.00
    Cheese
      0.25 x 1,000.00                   250.00
    ------------------------------------------
    รวมทั้งสิ้น THB                         455.00
    พร้อมเพย์                             200.00
    เงินสด                               300.00
    เงินทอน                               45.00
    ------------------------------------------
    ภาษีมูลค่าเพิ่ม 0% ก่อนภาษี 250.00           0.00
    ภาษีมูลค่าเพิ่ม 7% ก่อนภาษี 191.59          13.41
    หมายเหตุ: no sugar

                     ขอบคุณค่ะ
    "
  `)
})

test('a receipt in Indonesian, on narrow paper', () => {
  expect(receiptText(sale, { language: 'id', width: 32 })).toMatchInlineSnapshot(`
    "   ร้านขนมปังบ้านสวน สาขาทองหล่อ
     12 ซอยสุขุมวิท 55 แขวงคลองตันเหนือ
            เขตวัฒนา กรุงเทพฯ
           NPWP 0105551234567
    --------------------------------
                 STRUK
    RCP-261120-020042
    20 Nov 2026 14.05
    Kasa 2 · Nok
    Pelanggan 17850
    --------------------------------
    Coffee
      2 x 45,00                90,00
    ข้าวเหนียวมะม่วงน้ำกะทิสดโรยถั่ว
    ทอง ชุดใหญ่สำหรับสองคน       120,00
      Diskon                   -5,00
    Cheese
      0,25 x 1.000,00         250,00
    --------------------------------
    TOTAL THB                 455,00
    PromptPay                 200,00
    Tunai                     300,00
    Kembalian                  45,00
    --------------------------------
    PPN 0% DPP 250,00           0,00
    PPN 7% DPP 191,59          13,41
    Catatan: no sugar

                ขอบคุณค่ะ
    "
  `)
})

test('a refund', () => {
  expect(receiptText(refund, { language: 'en', copy: true })).toMatchInlineSnapshot(`
    "        ร้านขนมปังบ้านสวน สาขาทองหล่อ
      12 ซอยสุขุมวิท 55 แขวงคลองตันเหนือ เขตวัฒนา
                     กรุงเทพฯ
               Tax ID 0105551234567
    ------------------------------------------
                      REFUND
                   *** COPY ***
    RCP-261121-020001        21 Nov 2026 01:30
    Till 2 · Nok
    Of receipt RCP-261120-020042
    ------------------------------------------
    1 x Coffee                          -45.00
    ------------------------------------------
    REFUNDED THB                         45.00
    Cash                                 45.00
    ------------------------------------------
    VAT 7% net 42.06                      2.94
    Reason: cold

                     ขอบคุณค่ะ
    "
  `)
})

test('a Z report', () => {
  expect(receiptText(report, { language: 'th' })).toMatchInlineSnapshot(`
    "        ร้านขนมปังบ้านสวน สาขาทองหล่อ
      12 ซอยสุขุมวิท 55 แขวงคลองตันเหนือ เขตวัฒนา
                     กรุงเทพฯ
         เลขประจำตัวผู้เสียภาษี 0105551234567
    ------------------------------------------
                     รายงาน Z
    จุดขาย 2 · Nok
    วันทำการ                       20 พ.ย. 2569
    เปิดกะ                   20 พ.ย. 2569 08:00
    ปิดกะ                    20 พ.ย. 2569 18:00
    ------------------------------------------
    ยอดขาย (1)                          455.00
    คืนเงิน (1)                           -45.00
    ยอดขายสุทธิ THB                       410.00
    รวมภาษีมูลค่าเพิ่ม                        10.47
    ------------------------------------------
    เงินสด                               210.00
    บัตร                                   0.00
    โอนเงิน                                0.00
    พร้อมเพย์                             200.00
    ------------------------------------------
    เงินทอนตั้งต้น                        1,000.00
    ขายเงินสด                            255.00
    คืนเงินสด                             -45.00
    รับเงินเข้า                             50.00
    จ่ายเงินออก                           -20.00
    นำส่งตู้เซฟ                           -200.00
    เติมจากตู้เซฟ                           10.00
    เงินที่ควรมี                          1,050.00
    นับได้                              1,049.75
      1,000.00 x 1                    1,000.00
      0.25 x 199                         49.75
    ------------------------------------------
    เงินขาด                               -0.25
    หมายเหตุ: a coin fell
    "
  `)
})

test('an X report says nothing that its reader may not see', () => {
  const blind = { ...report, kind: 'x', expectedMinor: null, close: null } as const
  const text = receiptText(blind, { language: 'en', width: 32 })
  expect(text).toContain('X REPORT')
  for (const word of ['expected', 'counted', 'closedAt', 'shortage'] as const) {
    expect(text).not.toContain(receiptWords.en[word])
  }
})

test.for([
  { variance: 0, pieces: null, word: 'No variance', amount: '0.00' },
  { variance: 25, pieces: [], word: 'Surplus', amount: '0.25' },
  { variance: -25, pieces: [], word: 'Shortage', amount: '-0.25' },
])('a variance of $variance is called $word', ({ variance, pieces, word, amount }) => {
  const close = {
    countedMinor: minor(0),
    countedPieces: pieces,
    expectedMinor: minor(-variance),
    varianceMinor: minor(variance),
    note: '',
    closedAt: '2026-11-20T11:00:00.000Z',
  }
  const text = receiptText({ ...report, close }, { language: 'en' })
  const line = text.split('\n').find((each) => each.startsWith(word))
  expect(line).toBe(`${word}${amount.padStart(42 - word.length)}`)
})

test('what a shop or an act does not have takes no line', () => {
  const shop = { ...issued.shop, taxNumber: '', receiptFooter: '', address: '' }
  const bare = {
    ...sale,
    shop,
    changeMinor: minor(0),
    customerNumber: null,
    note: '',
    tenders: [],
    taxes: [],
  }
  const text = receiptText(bare, { language: 'en' })
  for (const word of ['Tax ID', 'Change', 'Customer', 'Note', 'VAT'])
    expect(text).not.toContain(word)
  const unlinked = receiptText({ ...refund, saleReceiptNumber: null }, { language: 'en' })
  expect(unlinked).not.toContain('Of receipt')
})

test('the words of each language are its own', () => {
  const said = (language: 'en' | 'th' | 'id') =>
    Object.values(receiptWords[language]).filter((word) => typeof word === 'string')
  expect(said('th').filter((word) => /^[A-Za-z ]+$/.test(word))).toEqual([])
  for (const { months } of Object.values(receiptWords)) expect(new Set(months).size).toBe(12)
})

test('no line is too wide, whatever was sold, and the same view gives the same text', () => {
  const names = fc.string({ unit: 'grapheme', maxLength: 60 })
  const language = fc.constantFrom('en', 'th', 'id')
  const width = fc.constantFrom(42, 32)
  fc.assert(
    fc.property(someSale, names, language, width, (sold, name, lang, cells) => {
      const made = decideCompleteSale(sold.state, sold.command)
      if (!made.ok) throw new Error(made.refusal.code)
      const lines = made.value.lines.map((line) => ({ ...line, name }))
      const receipt = { ...sale, ...made.value, lines }
      const back = decideRefundSale(
        {
          at: { shopId },
          drawer: fullDrawer,
          session: openSession,
          sale: { id: 's', currency: thb, lines, refunds: [] },
          receipt: { tillNumber: 2, businessDate: '2026-11-20', lastCounter: 0 },
          authority: ownAuthority,
        },
        { staffId, method: 'cash', reason: name },
      )
      if (!back.ok) throw new Error(back.refusal.code)
      const options = { language: lang, width: cells, copy: true, offline: true } as const
      for (const view of [receipt, { ...refund, ...back.value }]) {
        const text = receiptText(view, options)
        for (const line of text.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(cells)
        expect(text.endsWith('\n')).toBe(true)
        expect(receiptText(view, options)).toBe(text)
      }
    }),
    { numRuns: 50 },
  )
})

test('pain 32: a receipt shows each currency, its rate, what it is worth, and the rounding', () => {
  const lines = receiptText(abroad, { language: 'en' }).split('\n')
  const from = lines.findIndex((line) => line.startsWith('TOTAL'))
  expect(lines.slice(from, from + 6)).toEqual([
    'TOTAL THB                            90.10',
    'Cash USD 20.00                      685.00',
    '  1 USD = 34.25 THB',
    'Rounding                             -0.10',
    'Change USD 17.00                    582.25',
    'Change                               12.75',
  ])
  for (const language of ['th', 'id'] as const) {
    for (const width of [42, 32] as const) {
      const text = receiptText(abroad, { language, width })
      for (const line of text.split('\n')) expect(cellWidth(line)).toBeLessThanOrEqual(width)
    }
  }
})

test('pain 31: a report tells what each currency brought, and what of it lies in the drawer', () => {
  const other = {
    floatMinor: minor(5_000),
    cashInMinor: minor(2_000),
    cashOutMinor: minor(300),
    droppedMinor: minor(1_000),
    toppedUpMinor: minor(0),
    baseMinor: minor(58_225),
  }
  const report: SessionReport = {
    ...issued,
    kind: 'x',
    businessDate: '2026-11-20',
    openedAt: '2026-11-20T01:00:00.000Z',
    floatMinor: minor(100_000),
    totals: { ...noTotals, others: { [usd]: other }, roundingMinor: minor(-10) },
    expectedMinor: minor(100_000),
    close: null,
  }
  const text = receiptText(report, { language: 'en' })
  expect(text).toContain(
    'Cash USD                            582.25\nRounding                              0.10\n',
  )
  expect(text).toContain('Float USD                            50.00\n')
  expect(text).toContain('Expected in drawer USD               57.00\n')
  const blind = receiptText({ ...report, expectedMinor: null }, { language: 'en' })
  expect(blind).not.toContain('Expected')
})

test('a paper of cash that moved: its number, its pieces, what for, and two lines to sign on', () => {
  const paper: MovementPaper = {
    ...{ ...issued, kind: 'movement', receiptNumber: 'RCP-261120-020007' },
    occurredAt: '2026-11-20T07:05:00.000Z',
    parts: [
      {
        ...{ type: 'pay_out', currency: 'THB' as Currency, amountMinor: minor(24_000) },
        pieces: [
          { faceMinor: minor(10_000), pieces: 2 },
          { faceMinor: minor(2_000), pieces: 2 },
        ],
      },
    ],
    ...{ category: 'Supplies', recipient: 'ร้านน้ำแข็ง', note: 'two bags' },
  }
  const text = receiptText(paper, { language: 'en', copy: true })
  expect(text.split('-'.repeat(42)).slice(1).join('---')).toBe(
    [
      '',
      '                 PAY-OUT',
      '               *** COPY ***',
      'RCP-261120-020007        20 Nov 2026 14:05',
      'Till 2 · Nok',
      '---',
      'Pay-out THB                         240.00',
      '  100.00 x 2                        200.00',
      '  20.00 x 2                          40.00',
      'For: Supplies',
      'To: ร้านน้ำแข็ง',
      'Note: two bags',
      '---',
      '',
      'Given by                ..................',
      '',
      'Taken by                ..................',
      '',
    ].join('\n'),
  )
  // What a shop says to its customers does not stand on its own papers.
  expect(text).not.toContain('ขอบคุณค่ะ')
  const given = receiptText({ ...paper, byMachine: true }, { language: 'en' })
  expect(given).toContain('20.00 x 2                          40.00\nCash machine\nFor: Supplies\n')
  const float = [{ ...paper.parts[0], type: 'top_up', currency: 'THB' as Currency }] as const
  const filled = { ...paper, byMachine: true, parts: float as MovementPaper['parts'] }
  expect(receiptText(filled, { language: 'en' })).toContain('FLOAT FROM THE CASH MACHINE\n')
  const office = receiptText({ ...paper, tillNumber: 0, receiptNumber: null }, { language: 'th' })
  expect(office).toContain('ไม่มีเลขที่')
  expect(office).toContain('สำนักงาน · Nok')
})
