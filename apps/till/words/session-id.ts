import type { sessionEn } from './session-en.ts'

export const sessionId: Readonly<Record<keyof typeof sessionEn, string>> = {
  'menu.session': 'Sesi dan laci',
  'menu.cycle': 'Hitung beberapa pecahan',

  'count.keypad': 'Jumlah {face}',
  'count.next': 'Berikutnya',

  'sign.number': 'Nomor staf dan PIN yang menandatangani',
  'sign.self': 'Orang lain yang menandatangani: tidak untuk diri sendiri.',
  'sign.not_allowed': 'Orang ini tidak boleh melakukannya di toko ini.',
  'sign.action': 'Tanda tangan',

  'giveTill.title': 'Serahkan laci ke orang lain',
  'giveTill.intro':
    'Hitung seluruh isi laci bersama. Mulai sekarang laci milik orang itu; yang sebelumnya tetap milik Anda.',
  'giveTill.action': 'Tanda tangan dan serahkan',
  'giveTill.what': '{giver} menyerahkan {amounts}. Penerima menandatangani.',
  'giveTill.done': 'Laci sekarang milik {name}',
  'giveTill.doneText': 'Dihitung dan ditandatangani keduanya: {amounts}.',
  'giveTill.goOn': 'Lanjut berjualan',

  'session.title': 'Sesi dan laci',
  'session.of': '{name}, sejak {time}',
  'session.handOver': 'Serahkan ke orang lain',
  'session.suspend': 'Tangguhkan sesi',
  'session.suspendText':
    'Kasir ini lalu bebas. Laci bisa dikunci, atau dibawa ke kasir lain dan dilanjutkan di sana.',
  'session.suspendAction': 'Tangguhkan sekarang',
  'session.end': 'Akhiri tanpa hitungan',
  'session.endText':
    'Untuk sesi yang terlupa. Lacinya dihitung nanti; kasir dapat dipakai sebelum itu.',
  'session.endReason': 'Mengapa berakhir tanpa hitungan',
  'session.endAction': 'Akhiri',
  'session.cycle': 'Hitung beberapa pecahan',

  'waiting.title': 'Laci yang menunggu',
  'waiting.none': 'Tidak ada laci lain yang menunggu di toko ini.',
  'waiting.rests': '{name}, kasir {number}, sejak {time}: ditangguhkan',
  'waiting.toCount': '{name}, kasir {number}, sejak {time}: harus dihitung',
  'waiting.goOn': 'Lanjutkan di sini',
  'waiting.count': 'Hitung',
  'waiting.busy': 'Tutup atau tangguhkan dulu sesi kasir ini.',
  'waiting.away':
    'Server toko tidak menjawab: laci kasir lain tidak terlihat sekarang. Yang ditangguhkan di sini dapat dilanjutkan selama lacinya memang di sini.',
  'waiting.looking': 'Mencari…',

  'refusal.unreachable':
    'Server toko tidak menjawab. Laci kasir lain dapat dilanjutkan di sini setelah server menjawab.',
  'refusal.no_login': 'Kunci kasir dan masuk lagi: server toko harus tahu siapa Anda.',
  'refusal.not_taken': 'Belum siap. Coba lagi sebentar.',
  'refusal.session_already_open': 'Sesi lain terbuka di kasir ini.',
  'refusal.session_not_suspended': 'Sudah dilanjutkan di tempat lain.',
  'refusal.session_not_open': 'Sudah berakhir.',
  'refusal.session_of_other_till': 'Dilanjutkan di kasir lain.',
  'refusal.session_of_same_staff': 'Laci itu sudah miliknya.',
  'refusal.staff_not_found': 'Orang ini tidak bekerja di toko ini.',
  'refusal.staff_not_active': 'Orang ini tidak bekerja di sini lagi.',
  'refusal.recounted_too_often': 'Sudah dihitung ulang.',

  'second.ask': 'Orang kedua ikut menghitung',
  'second.title': 'Hitungan kedua, oleh {name}',
  'second.intro': 'Hitung semuanya sendiri. Hitungan orang pertama tidak ditampilkan.',
  'second.what': 'Orang kedua menghitung laci yang sama tanpa melihat hitungan pertama.',
  'second.compare': 'Bandingkan hitungan',
  'second.same': 'Kedua hitungan sama.',
  'second.differs': 'Hitungan berbeda di sini',
  'second.differsText': 'Hitung lagi ini bersama, lalu ketik yang ada.',
  'second.first': 'Pertama',
  'second.second': 'Kedua',
  'second.agreed': 'Dihitung bersama',
  'second.use': 'Pakai hitungan ini',
  'second.made': 'Dihitung berdua: {name} juga.',

  'cycle.title': 'Hitung beberapa pecahan',
  'cycle.intro': 'Pilih yang dihitung. Tidak memindahkan apa pun; selisih lebih cepat ditemukan.',
  'cycle.suggested': 'Sebaiknya dihitung sekarang',
  'cycle.faces': 'Yang dihitung',
  'cycle.action': 'Catat hitungan',
  'cycle.done': 'Tercatat. Terima kasih.',

  'close.ofOther': 'Sesi {name} yang sudah diakhiri. Hitung lacinya.',
  'close.later': 'Hitung nanti',
}
