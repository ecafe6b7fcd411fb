// The till's words about staff change; en.ts has the others.
import type { fundEn } from './fund-en.ts'

export const fundId: Readonly<Record<keyof typeof fundEn, string>> = {
  'menu.fund': 'Uang kecil staf',
  'fund.way': 'Apa yang terjadi',
  'fund.issue': 'Beri uang kecil',
  'fund.return': 'Terima kembali',
  'fund.who': 'Orang',
  'fund.howMuch': 'Berapa yang kembali',
  'fund.part': 'Sebagian',
  'fund.all': 'Semuanya',
  'fund.allHint': 'Semuanya: yang kurang dicatat sebagai kekurangan.',
  'fund.away':
    'Server toko tidak menjawab. Sebagian bisa kembali; semuanya hanya bila server menjawab.',
  'fund.issued': '{name} memegang {amount}.',
  'fund.returned': '{amount} kembali dari {name}.',
  'refusal.fund_holds_less': 'Orang itu memegang kurang dari itu.',
  'refusal.fund_of_self':
    'Tidak ada yang memberi uang kecil kepada diri sendiri, atau menerimanya kembali.',
  'unsent.fact.fund.issued': 'Uang kecil staf diberi',
  'unsent.fact.fund.returned': 'Uang kecil staf kembali',
}
