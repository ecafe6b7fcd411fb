// The till's words about staff change; en.ts has the others.
export const fundEn = {
  'menu.fund': 'Staff change',
  'fund.way': 'What happens',
  'fund.issue': 'Give change',
  'fund.return': 'Take back',
  'fund.who': 'Person',
  'fund.howMuch': 'How much comes back',
  'fund.part': 'A part',
  'fund.all': 'All of it',
  'fund.allHint': 'All of it: what is missing then is booked as short.',
  'fund.away': 'The store server is away. A part can come back; all of it only when it answers.',
  'fund.issued': '{name} has {amount}.',
  'fund.returned': '{amount} came back from {name}.',
  'refusal.fund_holds_less': 'The person holds less than that.',
  'refusal.fund_of_self': 'Nobody gives change to themself, or takes it back.',
  'unsent.fact.fund.issued': 'Staff change given',
  'unsent.fact.fund.returned': 'Staff change came back',
} as const
