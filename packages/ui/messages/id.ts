import type { Catalogue } from '../language/language.ts'
import type { UiKey } from './en.ts'

export const id: Catalogue<UiKey> = {
  'ui.close': 'Tutup',
  'ui.cancel': 'Batal',
  'ui.retry': 'Coba lagi',
  'ui.loading': 'Memuat',
  'ui.keypad': 'Papan angka',
  'ui.keypad.backspace': 'Hapus angka terakhir',
  'ui.keypad.clear': 'Kosongkan',
  'ui.keypad.point': 'Tanda desimal',
  'ui.keypad.00': 'Nol nol',
  'ui.denomination': 'Uang kertas atau koin',
  'ui.denomination.note': 'Uang kertas {face}',
  'ui.denomination.coin': 'Koin {face}',
  'ui.denomination.pieces': 'Lembar/keping',
  'ui.denomination.piecesOf': 'Jumlah {face}',
  'ui.denomination.addOne': 'Tambah satu {face}',
  'ui.denomination.addTen': 'Tambah sepuluh {face}',
  'ui.denomination.amount': 'Nilai',
  'ui.denomination.total': 'Dihitung',
  'ui.denomination.none': 'Tidak dihitung per pecahan',
  'ui.variance.short': 'kurang',
  'ui.variance.over': 'lebih',
  'ui.variance.exact': 'tanpa selisih',
}
