import type { approvalEn } from './approval-en.ts'

export const approvalId: Readonly<Record<keyof typeof approvalEn, string>> = {
  'cart.price': 'Harga',
  'cart.priceOf': 'Harga lain untuk {name}',
  'cart.priceList': 'Katalog',
  'cart.priceNone': 'Harga katalog',
  'approval.price': 'Jual dengan harga lain: selisih {amount} dari katalog',
  'approval.refund': 'Kembalikan {amount}',
  'refusal.not_in_drawer_face': 'Di laci tidak ada sebanyak itu {face}.',
  'void.action': 'Batalkan',
  'void.title': 'Batalkan seluruh penjualan',
  'void.intro':
    'Penjualan ditarik seluruhnya: barang dan uang kembali lewat jalan semula. Tidak dapat dibatalkan.',
  'void.confirm': 'Batalkan {amount}',
  'void.what': 'Batalkan penjualan {amount}',
  'void.late': 'Sudah terlambat untuk dibatalkan di sini. Lakukan pengembalian.',
  'history.kind.void': 'Batal',
  'copy.notSaved': 'Salinan tidak dapat dicatat, jadi tidak dicetak.',
  'unsent.fact.sale.voided': 'Pembatalan',
  'unsent.fact.receipt.reprinted': 'Salinan dicetak',
  'photo.take': 'Foto struk',
  'photo.remove': 'Hapus foto',
  'photo.kept': 'Disimpan di sini, dikirim bila jalur kosong',
  'photo.full': 'Terlalu banyak foto menunggu. Lanjutkan tanpa foto.',
}
