import { number, plural } from '../format';

export const gate = {
  title: 'Clinotype',
  setUp: {
    title: 'Set up this workstation',
    intro:
      'Clinotype keeps patients, orders, reads, variants and reports in one encrypted store on this computer. It opens no network connection.',
    store: 'Folder of the store',
    you: 'You, the first person',
    youNote: 'You become the administrator of this store.',
    user: 'Log-in name',
    userHint: 'Small letters, digits, dot, underscore, hyphen; at most 32.',
    userWrong: 'Use 1 to 32 of: small letters, digits, dot, underscore, hyphen.',
    name: 'Printed name',
    nameHint: 'As it stands on reports and in the audit trail.',
    nameMissing: 'Enter the name that is printed.',
    passphraseSection: 'Passphrase',
    passphrase: 'Passphrase',
    passphraseHint: 'At least 12 characters; several unrelated words are best.',
    passphraseShort: (count: number) =>
      `At least 12 characters are needed; ${plural(count, { one: 'this is 1', other: `these are ${number(count)}` })}.`,
    again: 'Passphrase again',
    againWrong: 'The two passphrases differ.',
    show: 'Show what I type',
    encrypted: 'What is encrypted, and what losing it means',
    encryptedFacts: [
      {
        term: 'Encrypted',
        text: 'Every row of the database and every file that the store keeps: alignments, variants, reports. Work files of a run as well.',
      },
      {
        term: 'Not encrypted',
        text: 'Your input files where they lie now, reference data, and every file that a person exports.',
      },
      {
        term: 'If lost',
        text: 'Without a passphrase or the recovery key nobody can open the store: not the laboratory, not the makers of Clinotype. There is no other way in.',
      },
    ],
    make: 'Make the encrypted store',
    making: 'Making the store',
    failed: 'The store was not made',
  },
  recovery: {
    title: 'Write down the recovery key',
    intro:
      'This key opens the store when every passphrase is lost. It is shown once, now, and is kept nowhere. Put it on paper, under lock, away from this computer.',
    key: 'Recovery key',
    copy: 'Copy',
    copied: 'Copied. The clipboard is emptied when you go on.',
    copyFailed: 'Copying is not possible here. Write the key down.',
    print: 'Print',
    printTitle: 'Clinotype: recovery key of an encrypted store',
    printStore: 'Store',
    printMade: 'Made',
    printNote: 'Whoever holds this paper can open the store. Keep it under lock.',
    done: 'I have written it down',
    doneNote: 'and have checked it against the screen.',
    goOn: 'Go on',
    open: 'The store is made and open. Go on as soon as the key is on paper.',
  },
  unlock: {
    title: 'Unlock',
    person: 'Person',
    passphrase: 'Passphrase or recovery key',
    show: 'Show what I type',
    unlock: 'Unlock',
    unlocking: 'Unlocking',
    missing: 'Enter your passphrase.',
    wrong: 'Wrong passphrase. Nothing was changed; the attempt is in the audit trail.',
    failed: 'The store was not opened',
    idle: (minutes: number) =>
      `Locked by itself: no key or pointer for ${plural(minutes, { one: '1 minute', other: `${number(minutes)} minutes` })}.`,
    asked: 'Locked at your request.',
    runsGoOn: 'Runs that are at work or waiting go on.',
    started: 'The store is locked.',
    store: 'Store',
    forgotten: 'Passphrase forgotten?',
    forgottenText:
      'The recovery key from the set-up opens the store in place of a passphrase: type it in the field above. Then set a new passphrase in Settings.',
    warnings: 'What the store found when it was opened',
  },
};
