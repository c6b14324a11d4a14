import { describe, expect, it } from 'vitest';
import { changeProblems, isLogin, setUpProblems } from './passphrase';

const good = { user: 'a.b-1', name: 'A B', passphrase: 'twelve chars', again: 'twelve chars' };

describe('set-up form', () => {
  it.each([
    [good, []],
    [{ ...good, user: 'Anna' }, ['userWrong']],
    [{ ...good, user: 'a'.repeat(33) }, ['userWrong']],
    [{ ...good, name: '  ' }, ['nameMissing']],
    [{ ...good, passphrase: 'eleven char', again: 'eleven char' }, ['passphraseShort']],
    [{ ...good, again: 'twelve charz' }, ['againWrong']],
    // Letters outside the first plane count as one each, as a person counts them.
    [{ ...good, passphrase: '𝒜'.repeat(11), again: '𝒜'.repeat(11) }, ['passphraseShort']],
    [{ user: '', name: '', passphrase: '', again: 'x' }, ['userWrong', 'nameMissing', 'passphraseShort']],
  ])('%j', (form, wanted) => expect(setUpProblems(form)).toEqual(wanted));

  it('takes log-in names as the store does', () => {
    expect(['a', 'a.b_c-9', 'x'.repeat(32)].every(isLogin)).toBe(true);
    expect(['', 'A', 'a b', 'é', 'a/b'].some(isLogin)).toBe(false);
  });
});

describe('change of a passphrase', () => {
  it.each([
    [{ old: 'a', fresh: 'b'.repeat(12), again: 'b'.repeat(12) }, []],
    [{ old: '', fresh: 'b'.repeat(12), again: 'b'.repeat(12) }, ['oldMissing']],
    [{ old: 'a', fresh: 'short', again: 'short' }, ['newShort']],
    [{ old: 'c'.repeat(12), fresh: 'c'.repeat(12), again: 'c'.repeat(12) }, ['newSame']],
    [{ old: 'a', fresh: 'b'.repeat(12), again: 'b' }, ['againWrong']],
  ])('%j', (form, wanted) => expect(changeProblems(form)).toEqual(wanted));
});
