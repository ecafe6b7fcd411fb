import type { exceptionEn } from './exception-en.ts'

export const exceptionId: Readonly<Record<keyof typeof exceptionEn, string>> = {
  'exception.bag_differs': 'Bank menghitung lain dari isi kantong',
  'exception.bag_number_repeated': 'Dua kantong bernomor sama',
  'exception.bag_settled_twice': 'Kantong disetor atau dibuka dua kali',
  'exception.bag_verified_by_sealer': 'Penyegel kantong memverifikasinya sendiri',
  'exception.change_differs': 'Uang kecil yang datang lain dari pesanan',
  'exception.fund_differs': 'Uang kecil staf tidak kembali utuh',
  'exception.fund_overdrawn': 'Seseorang mengembalikan lebih dari yang diberi',
  'exception.line_matched_twice': 'Satu baris bank dicocokkan dua kali',
  'exception.safe_differs': 'Isi brankas tidak seperti seharusnya',
  'exception.other.next': 'Versi lain menemukannya. Lihat tentang apa, lalu perbarui kantor ini.',
  'exception.advance_open_at_close.next':
    'Minta nota dan kembalian dari pemegangnya, lalu selesaikan.',
  'exception.approval_of_self.next': 'Minta orang lain melihat dan menilai tindakan itu.',
  'exception.approval_used_twice.next':
    'Tanyakan pemberi persetujuan: satu izin dipakai dua kali. Salah satunya tanpa izin.',
  'exception.bag_differs.next':
    'Minta slip hitung bank, tanyakan penyegel dan saksi. Selisihnya sudah dibukukan.',
  'exception.bag_number_repeated.next':
    'Lihat kedua kantong, dan tulis nomor yang benar pada yang masih ada.',
  'exception.bag_settled_twice.next':
    'Uangnya berpindah dua kali. Hitung brankas: hitungan membetulkannya.',
  'exception.bag_verified_by_sealer.next': 'Minta orang lain melihat kantong sebelum pergi.',
  'exception.change_differs.next':
    'Tanyakan pengantar. Yang dihitung ke brankas itulah yang berlaku.',
  'exception.clock_suspect.next':
    'Setel jam perangkat itu. Yang dilakukannya berlaku dengan waktunya.',
  'exception.drop_confirmed_twice.next':
    'Hitung brankas: selisih setoran mungkin dibukukan dua kali.',
  'exception.drop_differs.next':
    'Hitung brankas, tanyakan penyetor dan penanda tangan. Selisihnya sudah dibukukan.',
  'exception.expense_answered_twice.next':
    'Dua orang menjawab berbeda. Sepakati satu, dan minta uang kembali bila ditolak.',
  'exception.expense_over_limit.next':
    'Lihat pengeluaran hari itu: kasir yang terpisah bersama-sama melebihi batas.',
  'exception.expense_paid_twice.next': 'Minta kembali uang yang kedua, dan masukkan ke laci.',
  'exception.expense_self_approved.next': 'Minta orang lain melihat pengeluaran dan notanya.',
  'exception.expense_settled_twice.next':
    'Hitung laci penerima kembalian: uang kembali sekali saja.',
  'exception.explained_above_variance.next':
    'Dua orang menjelaskan satu selisih. Hitung tempat yang disebut, pegang satu penjelasan.',
  'exception.explained_by_self.next':
    'Minta orang yang tidak bekerja di sesi itu melihat pembukuannya.',
  'exception.fund_differs.next':
    'Tanyakan pemegangnya. Selisihnya sudah dibukukan kurang atau lebih.',
  'exception.fund_overdrawn.next':
    'Catatan pemberian mungkin masih di jalan dari kasir. Bila tetap, tanyakan pemberinya.',
  'exception.late_in_session.next':
    'Buka sesi: yang terlambat tampil sebagai penyesuaian. Jelaskan selisih yang tersisa.',
  'exception.line_undone_twice': 'Pencocokan ditarik dua kali',
  'exception.line_undone_twice.next':
    'Yang dibukukan kembali dua kali. Periksa kurang atau lebih, lalu cocokkan lagi.',
  'exception.line_matched_twice.next':
    'Yang pertama berlaku. Batalkan bila salah, lalu cocokkan lagi.',
  'exception.machine_payment_differs': 'Mesin uang memindahkan jumlah lain dari yang dicatat',
  'exception.machine_payment_differs.next':
    'Lihat struk dan riwayat mesin: satu pembayaran untuk satu transaksi, sebesar yang disimpan atau diberikan mesin.',
  'exception.machine_payment_without_sale': 'Pembayaran di mesin uang tanpa transaksi',
  'exception.machine_payment_without_sale.next':
    'Tanyakan siapa yang membayar dan untuk apa: catat penjualannya dengan pembayaran ini, atau kembalikan lewat mesin.',
  'exception.recycler_booked_twice': 'Satu kerja mesin uang dibukukan dua kali',
  'exception.recycler_booked_twice.next':
    'Uangnya berpindah dua kali di buku. Biarkan mesin menghitung: hitungan membetulkannya.',
  'exception.recycler_differs': 'Isi mesin uang tidak seperti seharusnya',
  'exception.recycler_differs.next':
    'Biarkan mesin menghitung lalu selesaikan: baru selisihnya dibukukan.',
  'exception.recycler_near_empty': 'Uang kembalian di mesin uang menipis',
  'exception.recycler_near_empty.next': 'Isi pecahan yang ditandai rendah, dari brankas.',
  'exception.recycler_near_full': 'Mesin uang hampir penuh',
  'exception.recycler_near_full.next':
    'Ambil isinya atau kosongkan kotak uangnya sebelum mesin menolak uang.',
  'exception.recycler_offline': 'Mesin uang tidak menjawab',
  'exception.recycler_offline.next':
    'Periksa listrik dan kabelnya. Pekerjaan yang sedang berjalan dicari lagi saat mesin kembali: jangan diulang.',
  'exception.recycler_stopped': 'Mesin uang berhenti',
  'exception.recycler_stopped.next':
    'Buka halaman mesin: di sana ada gangguan dan cara memperbaikinya. Sementara itu jual lewat laci.',
  'exception.recycler_unresolved': 'Tidak ada yang tahu bagaimana kerja mesin uang berakhir',
  'exception.recycler_unresolved.next':
    'Lihat mesin dan uang yang dibayar, lalu sebutkan akhirnya. Sebelum itu tidak dibukukan.',
  'exception.refund_exceeds_sale.next':
    'Lihat penjualan dan pengembaliannya. Yang sudah dibayar tetap; tanyakan siapa yang membayar.',
  'exception.safe_differs.next':
    'Periksa keluar masuk sejak hitungan sebelumnya, lalu hitung lagi.',
  'exception.session_closed_twice.next':
    'Hitungan pertama yang berlaku. Lihat apakah uang disimpan dua kali, lalu hitung brankas.',
  'exception.totals_drift.next':
    'Sudah dibetulkan dari catatan. Beri tahu pengelola server, dengan baris ini.',
  'exception.transfer_differs.next':
    'Hitung kedua laci bersama kedua orang. Hitungan berlaku; sisanya kurang atau lebih.',
  'exception.transfer_received_twice.next':
    'Masuk ke laci dua kali. Hitung laci penerima, dan jelaskan selisihnya.',
  'exception.two_sessions_on_drawer.next':
    'Tanyakan mana yang benar, dan akhiri yang lain dengan hitungan.',
  'exception.verified_by_self.next': 'Minta orang yang tidak bekerja di sesi itu melihatnya lagi.',
}
