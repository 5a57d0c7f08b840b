export const problemsEn = {
  'bad-request':
    'The request was not as expected; nothing was changed. Check the input and try again.',
  'bad-code':
    'This is not a valid code; nothing was changed. Scan again or check the code on the box.',
  'body-too-large': 'Too large, not saved. Shorten it and try again.',
  'not-found': 'Not found, or not within your rights. Nothing was changed.',
  'method-not-allowed':
    'The server does not take this act; nothing was changed. Load the page again.',
  conflict:
    'Somebody changed it just now; your change was not saved. Look at the present state first.',
  'rate-limited': 'Too often; this one was not done. Wait a little.',
  'sign-in-failed': 'Account or password is wrong. Check capitals and input method.',
  'sign-in-locked':
    'Sign-in is locked for a while after repeated failures. Nobody else is affected. Wait, or ask the system officer.',
  'not-signed-in': 'Not signed in. Sign in to go on.',
  'session-expired':
    'The session has ended; what was done is saved. Sign in again and you are back where you were.',
  forbidden:
    'Your role may not do this; nothing was changed. Ask the system officer if you need it.',
  'foreign-origin':
    'The request came from another address and was refused. Open the system at its own address.',
  'above-clearance':
    'Above the clearance; refused, nothing was changed. Somebody cleared must do it.',
  'second-person-needed': 'A second person must approve; not done yet.',
  'box-unknown': 'No record of this box; nothing was changed. Check the code on the box.',
  'card-unknown': 'No record of this card. Check its number or register it first.',
  'card-expired': 'The card has expired; nothing was issued. Renew it first.',
  'already-lent': 'This box is lent already; it was not issued again.',
  'not-lent': 'This box is not lent; nothing was changed.',
  'not-in-place':
    'This box is not where it should be; it was not issued. Check the box itself first.',
  quarantined: 'This box is in quarantine and cannot be lent. Ask the archivist.',
  'due-date-invalid': 'The due date is not valid; nothing was issued. Choose a later day.',
  'slot-occupied': 'That slot holds a box; nothing was moved. Choose another.',
  'place-unknown':
    'There is no such place; nothing was moved. Check column, face, section and shelf.',
  'shelf-full': 'It does not fit on that shelf; nothing was moved. Choose another.',
  interlock: 'An interlock is not met; the gateway refused and nothing moved. See which one.',
  inhibited:
    'The gateway is inhibited; nothing moved. An authorised person must release it with a reason.',
  'forbidden-by-latch': 'Motion is forbidden; nothing moved. Clearing it takes two persons.',
  'bank-unknown': 'There is no such bank; nothing was requested.',
  'aisle-unknown': 'This bank has no such aisle; nothing was requested.',
  'state-changed':
    'The state changed after you looked; nothing was requested. Look again, then request.',
  'gateway-offline':
    'The gateway is offline; the request did not arrive and nothing will move because of it. Work on site.',
  'command-expired': 'The request has expired; it was not and will not be executed.',
  'contacts-unacknowledged':
    'This would take away fire or smoke contacts; name each of them to go on. Nothing was changed.',
  'device-unknown': 'This gateway has no such device.',
  'unsupported-verb': 'This controller cannot do that; nothing was requested.',
  'already-acknowledged': 'Somebody has acknowledged this alarm already.',
  'alarm-closed': 'This alarm is closed; nothing was changed. See the history.',
  'ledger-closed':
    'The custody ledger cannot be written now; nothing was done. Ask the system officer.',
  'edge-schema': 'The gateway sent something malformed; it is in quarantine.',
  'edge-fork': "The gateway's record forked; nothing more is taken. Ask the system officer.",
  'edge-fenced': 'The gateway used an old epoch and was refused. Ask the system officer.',
  'edge-held': 'The gateway is on hold. Ask the system officer.',
  'edge-gap': 'The gateway has a gap; it is on record.',
  'signature-invalid': 'The signature is wrong; refused, nothing was changed.',
  unavailable: 'The server cannot answer now; what is saved is safe. It is tried again by itself.',
  internal:
    'Something failed in the server; this act was not completed, what is saved is safe. Try again; if it stays, tell the system officer the code.',
  offline: 'The server cannot be reached; what is saved is safe. Check the network.',
  timeout:
    'The server did not answer in time; the result is unknown. Read the state again before repeating.',
  unreadable: 'The answer could not be read; the result is unknown. Read the state again first.',
}
