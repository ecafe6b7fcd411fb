import type { ExpenseView as Expense } from '@tillkeeper/client/api/expense-shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import type { OfficeKey } from '../messages/en.ts'

/** The list, and what it comes to by each of three. */
export const expenseViews = ['list', 'category', 'person', 'day'] as const
export type ExpenseView = (typeof expenseViews)[number]

export const expenseStates = ['requested', 'approved', 'declined', 'paid', 'settled'] as const

export function isExpenseView(text: unknown): text is ExpenseView {
  return expenseViews.some((view) => view === text)
}

export function isExpenseState(text: unknown): text is Expense['state'] {
  return expenseStates.some((state) => state === text)
}

type Look = { readonly tone: Tone; readonly text: OfficeKey }

const looks: Readonly<Record<Expense['state'], Look>> = {
  requested: { tone: 'warn', text: 'expense.state.requested' },
  approved: { tone: 'good', text: 'expense.state.approved' },
  declined: { tone: 'idle', text: 'expense.state.declined' },
  paid: { tone: 'warn', text: 'expense.state.paid' },
  settled: { tone: 'good', text: 'expense.state.settled' },
}

/** A state in its colour and its word. */
export function describeState(state: Expense['state']): Look {
  return looks[state]
}
