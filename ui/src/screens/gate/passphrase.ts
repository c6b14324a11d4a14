/** The shortest passphrase that the store takes. The host checks it again. */
export const shortest = 12;

/** Characters as a person counts them. */
export function lengthOf(passphrase: string): number {
  return Array.from(passphrase).length;
}

/** Whether a log-in name has the form that the store takes. */
export function isLogin(name: string): boolean {
  return /^[a-z0-9._-]{1,32}$/.test(name);
}

/** What is wrong with the form of the first run; empty: good. */
export type SetUpProblem = 'userWrong' | 'nameMissing' | 'passphraseShort' | 'againWrong';

/** The form of the first run. */
export type SetUpForm = { user: string; name: string; passphrase: string; again: string };

/** One problem per field at most, in the order of the form. */
export function setUpProblems(form: SetUpForm): SetUpProblem[] {
  const found: SetUpProblem[] = [];
  if (!isLogin(form.user.trim())) found.push('userWrong');
  if (form.name.trim() === '') found.push('nameMissing');
  if (lengthOf(form.passphrase) < shortest) found.push('passphraseShort');
  else if (form.passphrase !== form.again) found.push('againWrong');
  return found;
}

/** What is wrong with a change of the passphrase. */
export type ChangeProblem = 'oldMissing' | 'newShort' | 'newSame' | 'againWrong';

/** One problem per field at most, in the order of the form. */
export function changeProblems(form: { old: string; fresh: string; again: string }): ChangeProblem[] {
  const found: ChangeProblem[] = [];
  if (form.old === '') found.push('oldMissing');
  if (lengthOf(form.fresh) < shortest) found.push('newShort');
  else if (form.fresh === form.old) found.push('newSame');
  else if (form.fresh !== form.again) found.push('againWrong');
  return found;
}
