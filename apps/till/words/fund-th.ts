// The till's words about staff change; en.ts has the others.
import type { fundEn } from './fund-en.ts'

export const fundTh: Readonly<Record<keyof typeof fundEn, string>> = {
  'menu.fund': 'เงินทอนพนักงาน',
  'fund.way': 'รายการ',
  'fund.issue': 'มอบเงินทอน',
  'fund.return': 'รับคืน',
  'fund.who': 'พนักงาน',
  'fund.howMuch': 'คืนเท่าไร',
  'fund.part': 'คืนบางส่วน',
  'fund.all': 'คืนทั้งหมด',
  'fund.allHint': 'เมื่อคืนทั้งหมด ส่วนที่ขาดจะบันทึกเป็นเงินขาด',
  'fund.away': 'ติดต่อเซิร์ฟเวอร์ของสาขาไม่ได้ รับคืนบางส่วนได้ คืนทั้งหมดได้เมื่อติดต่อได้แล้ว',
  'fund.issued': 'มอบ {amount} ให้ {name} แล้ว',
  'fund.returned': 'รับคืน {amount} จาก {name} แล้ว',
  'refusal.fund_holds_less': 'พนักงานถือเงินน้อยกว่านั้น',
  'refusal.fund_of_self': 'มอบเงินทอนให้ตัวเองหรือรับคืนจากตัวเองไม่ได้',
  'unsent.fact.fund.issued': 'มอบเงินทอนพนักงาน',
  'unsent.fact.fund.returned': 'รับคืนเงินทอนพนักงาน',
}
