import type { Language } from '../money/currency.ts'
import type { TenderMethod } from '../sale/tender.ts'
import type { PaperKind } from './receipt-view.ts'

/** The words of receipts and reports. Upper case where a heading is meant. */
export type ReceiptWords = {
  readonly receipt: string
  readonly refund: string
  readonly void: string
  readonly x: string
  readonly z: string
  readonly copy: string
  readonly offline: string
  readonly taxNumber: string
  readonly till: string
  readonly customer: string
  readonly ofReceipt: string
  readonly reason: string
  readonly note: string
  readonly discount: string
  readonly total: string
  readonly refunded: string
  readonly change: string
  readonly rounding: string
  readonly cashIn: string
  readonly cashOut: string
  readonly vat: string
  readonly net: string
  readonly businessDate: string
  readonly openedAt: string
  readonly closedAt: string
  readonly sales: string
  readonly refunds: string
  readonly netSales: string
  readonly tax: string
  readonly float: string
  readonly cashSales: string
  readonly cashRefunds: string
  readonly payIn: string
  readonly payOut: string
  readonly dropped: string
  readonly toppedUp: string
  readonly expected: string
  readonly counted: string
  readonly leftInDrawer: string
  readonly recounts: string
  readonly openingDifference: string
  readonly noVariance: string
  readonly shortage: string
  readonly surplus: string
  /** What a paper of cash that moved is of. */
  readonly movements: Readonly<Record<PaperKind, string>>
  /** A top-up whose cash a machine gave. */
  readonly machineFloat: string
  readonly office: string
  readonly unnumbered: string
  readonly category: string
  readonly recipient: string
  readonly handedOutBy: string
  readonly takenBy: string
  readonly methods: Readonly<Record<TenderMethod, string>>
  /** January first. */
  readonly months: readonly string[]
  /** Between hours and minutes. */
  readonly clockSign: string
  /** Added to the year: Thai documents count from the Buddhist era. */
  readonly yearOffset: number
}

const en: ReceiptWords = {
  receipt: 'RECEIPT',
  refund: 'REFUND',
  void: 'VOID',
  x: 'X REPORT',
  z: 'Z REPORT',
  copy: 'COPY',
  offline: 'OFFLINE',
  taxNumber: 'Tax ID',
  till: 'Till',
  customer: 'Customer',
  ofReceipt: 'Of receipt',
  reason: 'Reason',
  note: 'Note',
  discount: 'Discount',
  total: 'TOTAL',
  refunded: 'REFUNDED',
  change: 'Change',
  rounding: 'Rounding',
  cashIn: 'Cash in',
  cashOut: 'Cash out',
  vat: 'VAT',
  net: 'net',
  businessDate: 'Business date',
  openedAt: 'Opened',
  closedAt: 'Closed',
  sales: 'Sales',
  refunds: 'Refunds',
  netSales: 'Net sales',
  tax: 'VAT included',
  float: 'Float',
  cashSales: 'Cash sales',
  cashRefunds: 'Cash refunds',
  payIn: 'Pay-ins',
  payOut: 'Pay-outs',
  dropped: 'Dropped to safe',
  toppedUp: 'Topped up',
  expected: 'Expected in drawer',
  counted: 'Counted',
  leftInDrawer: 'Stays in drawer',
  recounts: 'Counted again',
  openingDifference: 'Opening difference',
  noVariance: 'No variance',
  shortage: 'Shortage',
  surplus: 'Surplus',
  movements: {
    pay_in: 'Pay-in',
    pay_out: 'Pay-out',
    drop: 'Drop to the safe',
    top_up: 'Top-up from the safe',
    hand_over: 'Cash between drawers',
    till_hand_over: 'Drawer handed over',
    bag: 'Deposit bag',
    deposit: 'Bank deposit',
    change_order: 'Change from the bank',
    advance: 'Expense advance',
    expense: 'Expense settled',
    advance_return: 'Advance returned',
    fund_issue: 'Change fund issued',
    fund_return: 'Change fund returned',
    shortage: 'Shortage',
    surplus: 'Surplus',
  },
  machineFloat: 'Float from the cash machine',
  office: 'Office',
  unnumbered: 'No number',
  category: 'For',
  recipient: 'To',
  handedOutBy: 'Given by',
  takenBy: 'Taken by',
  methods: {
    cash: 'Cash',
    card: 'Card',
    bank_transfer: 'Bank transfer',
    promptpay: 'PromptPay',
    machine: 'Cash machine',
  },
  months: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '),
  clockSign: ':',
  yearOffset: 0,
}

const th: ReceiptWords = {
  receipt: 'ใบเสร็จรับเงิน',
  refund: 'ใบคืนเงิน',
  void: 'ใบยกเลิกการขาย',
  x: 'รายงาน X',
  z: 'รายงาน Z',
  copy: 'สำเนา',
  offline: 'ออฟไลน์',
  taxNumber: 'เลขประจำตัวผู้เสียภาษี',
  till: 'จุดขาย',
  customer: 'ลูกค้า',
  ofReceipt: 'อ้างอิงใบเสร็จ',
  reason: 'เหตุผล',
  note: 'หมายเหตุ',
  discount: 'ส่วนลด',
  total: 'รวมทั้งสิ้น',
  refunded: 'คืนเงินทั้งสิ้น',
  change: 'เงินทอน',
  rounding: 'ปัดเศษ',
  cashIn: 'เงินสดเข้า',
  cashOut: 'เงินสดออก',
  vat: 'ภาษีมูลค่าเพิ่ม',
  net: 'ก่อนภาษี',
  businessDate: 'วันทำการ',
  openedAt: 'เปิดกะ',
  closedAt: 'ปิดกะ',
  sales: 'ยอดขาย',
  refunds: 'คืนเงิน',
  netSales: 'ยอดขายสุทธิ',
  tax: 'รวมภาษีมูลค่าเพิ่ม',
  float: 'เงินทอนตั้งต้น',
  cashSales: 'ขายเงินสด',
  cashRefunds: 'คืนเงินสด',
  payIn: 'รับเงินเข้า',
  payOut: 'จ่ายเงินออก',
  dropped: 'นำส่งตู้เซฟ',
  toppedUp: 'เติมจากตู้เซฟ',
  expected: 'เงินที่ควรมี',
  counted: 'นับได้',
  leftInDrawer: 'เหลือไว้ในลิ้นชัก',
  recounts: 'นับซ้ำ',
  openingDifference: 'ผลต่างตอนเปิดกะ',
  noVariance: 'ไม่มีผลต่าง',
  shortage: 'เงินขาด',
  surplus: 'เงินเกิน',
  movements: {
    pay_in: 'รับเงินเข้า',
    pay_out: 'จ่ายเงินออก',
    drop: 'นำส่งตู้เซฟ',
    top_up: 'เติมจากตู้เซฟ',
    hand_over: 'โอนเงินระหว่างลิ้นชัก',
    till_hand_over: 'ส่งมอบลิ้นชัก',
    bag: 'ถุงเงินฝาก',
    deposit: 'นำฝากธนาคาร',
    change_order: 'เงินทอนจากธนาคาร',
    advance: 'เงินเบิกล่วงหน้า',
    expense: 'เคลียร์ค่าใช้จ่าย',
    advance_return: 'คืนเงินเบิก',
    fund_issue: 'เบิกเงินทอนประจำตัว',
    fund_return: 'คืนเงินทอนประจำตัว',
    shortage: 'เงินขาด',
    surplus: 'เงินเกิน',
  },
  machineFloat: 'เงินทอนจากเครื่องรับจ่ายเงิน',
  office: 'สำนักงาน',
  unnumbered: 'ไม่มีเลขที่',
  category: 'ประเภท',
  recipient: 'ผู้รับ',
  handedOutBy: 'ผู้จ่าย',
  takenBy: 'ผู้รับเงิน',
  methods: {
    cash: 'เงินสด',
    card: 'บัตร',
    bank_transfer: 'โอนเงิน',
    promptpay: 'พร้อมเพย์',
    machine: 'เครื่องรับจ่ายเงิน',
  },
  months: 'ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.'.split(' '),
  clockSign: ':',
  yearOffset: 543,
}

const id: ReceiptWords = {
  receipt: 'STRUK',
  refund: 'PENGEMBALIAN',
  void: 'PEMBATALAN',
  x: 'LAPORAN X',
  z: 'LAPORAN Z',
  copy: 'SALINAN',
  offline: 'LURING',
  taxNumber: 'NPWP',
  till: 'Kasa',
  customer: 'Pelanggan',
  ofReceipt: 'Dari struk',
  reason: 'Alasan',
  note: 'Catatan',
  discount: 'Diskon',
  total: 'TOTAL',
  refunded: 'DIKEMBALIKAN',
  change: 'Kembalian',
  rounding: 'Pembulatan',
  cashIn: 'Kas masuk',
  cashOut: 'Kas keluar',
  vat: 'PPN',
  net: 'DPP',
  businessDate: 'Hari usaha',
  openedAt: 'Dibuka',
  closedAt: 'Ditutup',
  sales: 'Penjualan',
  refunds: 'Pengembalian',
  netSales: 'Penjualan bersih',
  tax: 'Termasuk PPN',
  float: 'Modal awal',
  cashSales: 'Penjualan tunai',
  cashRefunds: 'Pengembalian tunai',
  payIn: 'Kas masuk',
  payOut: 'Kas keluar',
  dropped: 'Setor ke brankas',
  toppedUp: 'Tambah dari brankas',
  expected: 'Seharusnya di laci',
  counted: 'Dihitung',
  leftInDrawer: 'Tinggal di laci',
  recounts: 'Dihitung ulang',
  openingDifference: 'Selisih pembukaan',
  noVariance: 'Tanpa selisih',
  shortage: 'Kurang',
  surplus: 'Lebih',
  movements: {
    pay_in: 'Kas masuk',
    pay_out: 'Kas keluar',
    drop: 'Setor ke brankas',
    top_up: 'Tambah dari brankas',
    hand_over: 'Kas antar laci',
    till_hand_over: 'Serah terima laci',
    bag: 'Kantong setoran',
    deposit: 'Setoran bank',
    change_order: 'Uang kecil dari bank',
    advance: 'Uang muka biaya',
    expense: 'Penyelesaian biaya',
    advance_return: 'Uang muka kembali',
    fund_issue: 'Dana kembalian keluar',
    fund_return: 'Dana kembalian masuk',
    shortage: 'Kurang',
    surplus: 'Lebih',
  },
  machineFloat: 'Modal dari mesin uang',
  office: 'Kantor',
  unnumbered: 'Tanpa nomor',
  category: 'Untuk',
  recipient: 'Kepada',
  handedOutBy: 'Diserahkan oleh',
  takenBy: 'Diterima oleh',
  methods: {
    cash: 'Tunai',
    card: 'Kartu',
    bank_transfer: 'Transfer bank',
    promptpay: 'PromptPay',
    machine: 'Mesin uang',
  },
  months: 'Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des'.split(' '),
  clockSign: '.',
  yearOffset: 0,
}

export const receiptWords: Readonly<Record<Language, ReceiptWords>> = { en, th, id }
