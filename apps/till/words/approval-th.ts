import type { approvalEn } from './approval-en.ts'

export const approvalTh: Readonly<Record<keyof typeof approvalEn, string>> = {
  'cart.price': 'ราคา',
  'cart.priceOf': 'ราคาอื่นของ {name}',
  'cart.priceList': 'ราคาปกติ',
  'cart.priceNone': 'ใช้ราคาปกติ',
  'approval.price': 'ขายในราคาอื่น: ต่างจากราคาปกติ {amount}',
  'approval.refund': 'คืนเงิน {amount}',
  'refusal.not_in_drawer_face': 'ในลิ้นชักมี {face} ไม่พอ',
}
