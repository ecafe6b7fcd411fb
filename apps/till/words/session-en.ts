// The words of a session's life at the till: hand-over, rest, counts.
export const sessionEn = {
  'menu.session': 'Session and drawer',
  'menu.cycle': 'Count a few notes',

  'count.keypad': 'Pieces of {face}',
  'count.next': 'Next',

  'sign.number': 'Staff number and PIN of who signs',
  'sign.self': 'Somebody else signs: nobody signs to themselves.',
  'sign.not_allowed': 'This person may not do this in this shop.',
  'sign.action': 'Sign',

  'giveTill.title': 'Hand the drawer to another person',
  'giveTill.intro':
    'Count everything in the drawer together. From here on it is the other person’s; what was before stays yours.',
  'giveTill.action': 'Sign and hand over',
  'giveTill.what': '{giver} hands over {amounts}. Who takes it signs.',
  'giveTill.done': 'The drawer is {name}’s now',
  'giveTill.doneText': 'Counted and signed by both: {amounts}.',
  'giveTill.goOn': 'Go on selling',

  'session.title': 'Session and drawer',
  'session.of': '{name}, since {time}',
  'session.handOver': 'Hand over to another person',
  'session.suspend': 'Suspend',
  'session.suspendText':
    'This till is free then. The drawer can be locked away, or carried to another till: it goes on there.',
  'session.suspendAction': 'Suspend now',
  'session.end': 'End without a count',
  'session.endText':
    'For a session that was forgotten. Its drawer has to be counted later; the till can be used before that.',
  'session.endReason': 'Why it ends without a count',
  'session.endAction': 'End it',
  'session.cycle': 'Count a few notes',

  'waiting.title': 'Drawers that wait',
  'waiting.none': 'No other drawer waits in this shop.',
  'waiting.rests': '{name}, till {number}, since {time}: resting',
  'waiting.toCount': '{name}, till {number}, since {time}: has to be counted',
  'waiting.goOn': 'Go on here',
  'waiting.count': 'Count it',
  'waiting.busy': 'End or suspend the session of this till first.',
  'waiting.away':
    'The store server does not answer: drawers of other tills are not seen now. One that rests here goes on as long as it is really here.',
  'waiting.looking': 'Looking…',

  'refusal.unreachable':
    'The store server does not answer. A drawer of another till goes on here once it does.',
  'refusal.no_login': 'Lock the till and sign in again: the store server has to know who you are.',
  'refusal.not_taken': 'It is not ready yet. Try again in a moment.',
  'refusal.session_already_open': 'Another session is open at this till.',
  'refusal.session_not_suspended': 'It goes on somewhere already.',
  'refusal.session_not_open': 'It has ended already.',
  'refusal.session_of_other_till': 'It goes on at another till.',
  'refusal.session_of_same_staff': 'The drawer is theirs already.',
  'refusal.staff_not_found': 'This person does not work in this shop.',
  'refusal.staff_not_active': 'This person does not work here any more.',
  'refusal.recounted_too_often': 'It was counted once more already.',

  'second.ask': 'A second person counts too',
  'second.title': 'Second count, by {name}',
  'second.intro': 'Count everything yourself. What the first person found is not shown.',
  'second.what': 'A second person counts the same drawer, without seeing the first count.',
  'second.compare': 'Compare the counts',
  'second.same': 'Both counts are the same.',
  'second.differs': 'The counts differ here',
  'second.differsText': 'Count these together once more, and type what is there.',
  'second.first': 'First',
  'second.second': 'Second',
  'second.agreed': 'Counted together',
  'second.use': 'This is the count',
  'second.made': 'Counted by two: {name} too.',

  'cycle.title': 'Count a few notes',
  'cycle.intro': 'Choose what to count. It moves nothing; a difference is found sooner.',
  'cycle.suggested': 'Worth counting now',
  'cycle.faces': 'What to count',
  'cycle.action': 'Record the count',
  'cycle.done': 'Recorded. Thank you.',

  'close.ofOther': 'The session of {name} that was ended. Count its drawer.',
  'close.later': 'Count later',
} as const
