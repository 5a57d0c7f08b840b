export const signInEn = {
  title: 'Sign in',
  account: 'Account',
  password: 'Password',
  show: 'Show password',
  submit: 'Sign in',
  busy: 'Signing in…',
  expired:
    'The session has ended. What was done is saved; after signing in you are back where you were.',
  signedOut: 'You have signed out.',
  lockedFor: 'Try again in {{time}}.',
  empty: 'Please give account and password.',
  capsLock: 'Caps lock is on',
  serverDown: 'The server cannot be reached. Check the network; operate the shelving on site.',
  what: 'The mirror of the archive room, and its custody ledger',
}
