import type { Catalogue } from '../language/language.ts'
import type { UiKey } from './en.ts'

export const th: Catalogue<UiKey> = {
  'ui.close': 'ปิด',
  'ui.cancel': 'ยกเลิก',
  'ui.retry': 'ลองอีกครั้ง',
  'ui.loading': 'กำลังโหลด',
  'ui.keypad': 'แป้นตัวเลข',
  'ui.keypad.backspace': 'ลบตัวเลขสุดท้าย',
  'ui.keypad.clear': 'ล้าง',
  'ui.keypad.point': 'จุดทศนิยม',
  'ui.keypad.00': 'ศูนย์ศูนย์',
  'ui.denomination': 'ธนบัตรหรือเหรียญ',
  'ui.denomination.note': 'ธนบัตร {face}',
  'ui.denomination.coin': 'เหรียญ {face}',
  'ui.denomination.pieces': 'จำนวน',
  'ui.denomination.piecesOf': 'จำนวนของ {face}',
  'ui.denomination.addOne': 'เพิ่ม {face} อีกหนึ่ง',
  'ui.denomination.addTen': 'เพิ่ม {face} อีกสิบ',
  'ui.denomination.amount': 'เป็นเงิน',
  'ui.denomination.total': 'นับได้',
  'ui.denomination.none': 'ไม่ได้นับแยกชนิด',
  'ui.variance.short': 'เงินขาด',
  'ui.variance.over': 'เงินเกิน',
  'ui.variance.exact': 'ไม่มีผลต่าง',
}
