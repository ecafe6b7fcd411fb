import {
  createSortedRowModel,
  metaHelper,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  sortFn_text,
  tableFeatures,
} from '@tanstack/react-table'

/** How a column is drawn. */
export type ColumnLook = {
  readonly align?: 'right'
  /** A CSS width, or `rest` for the one column that takes what is left and is cut first. */
  readonly width?: string
  /** Left out where the table is narrower than this; the row's own page has it. */
  readonly from?: 'tablet' | 'desktop' | 'wide' | 'widest'
}

/** What our tables can do; each feature costs bytes. */
export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic, text: sortFn_text },
  columnMeta: metaHelper<ColumnLook>(),
})
