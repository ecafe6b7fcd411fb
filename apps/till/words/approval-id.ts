import type { approvalEn } from './approval-en.ts'

export const approvalId: Readonly<Record<keyof typeof approvalEn, string>> = {
  'cart.price': 'Harga',
  'cart.priceOf': 'Harga lain untuk {name}',
  'cart.priceList': 'Katalog',
  'cart.priceNone': 'Harga katalog',
  'approval.price': 'Jual dengan harga lain: selisih {amount} dari katalog',
  'approval.refund': 'Kembalikan {amount}',
  'refusal.not_in_drawer_face': 'Di laci tidak ada sebanyak itu {face}.',
}
