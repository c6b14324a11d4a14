import { describe, expect, it } from 'vitest';
import type { VariantFilter } from '../../../api/types';
import { presets } from '../../../test/review';
import {
  decode,
  encode,
  fromPreset,
  LIST_PARTS,
  OPEN,
  restrictions,
  same,
  standing,
  toggled,
  type View,
  wordsOf,
} from './filter';

const [panel, dominant] = presets;
if (!panel || !dominant) throw new Error('the double has presets');

describe('the filter and its address', () => {
  it('takes the first preset where the address names nothing, and keeps the open variant', () => {
    expect(decode(undefined, presets)).toEqual(fromPreset(panel, null));
    expect(decode('7001', presets)).toEqual(fromPreset(panel, 7001));
  });

  it('takes no preset where there is none', () => {
    expect(decode('7', [])).toEqual({ preset: null, filter: OPEN, variant: 7 });
  });

  it('comes back from its address, whatever part was changed', () => {
    const changes: Partial<VariantFilter>[] = [
      {},
      { passed: false },
      { ordered: false, keep_clinvar_pathogenic: false },
      { text: 'BRCA1 c.68_69del;=/%é' },
      { text: 'chr7:117559500-117559600' },
      ...LIST_PARTS.flatMap((part) => [
        { [part]: [] },
        { [part]: [wordsOf(part)[0]] },
        { [part]: [...wordsOf(part)] },
      ]),
    ];
    for (const from of [panel, dominant]) {
      for (const change of changes) {
        const view: View = { ...fromPreset(from, 12), filter: { ...from.filter, ...change } };
        const back = decode(encode(view, presets), presets);
        expect(back.variant).toBe(12);
        expect(back.preset).toEqual(view.preset);
        expect(same(back.filter, view.filter), encode(view, presets)).toBe(true);
      }
    }
  });

  it('comes back without a preset', () => {
    const view: View = { preset: null, filter: { ...OPEN, classes: ['pathogenic'] }, variant: null };
    expect(decode(encode(view, presets), presets)).toEqual(view);
  });

  it('keeps the whole filter of a version that the preset no longer has', () => {
    const view: View = {
      preset: { id: panel.id, version: 3 },
      filter: { ...OPEN, impacts: ['HIGH'] },
      variant: null,
    };
    const back = decode(encode(view, presets), presets);
    expect(same(back.filter, view.filter)).toBe(true);
    expect(standing(back, presets)).toEqual({ is: 'older', preset: panel, version: 3 });
  });

  it('leaves out words that it does not know', () => {
    expect(decode('1;p=panel-coding:4;i=HIGH,WRONG;x=1', presets).filter.impacts).toEqual(['HIGH']);
    expect(decode('no number;passed=7', presets)).toEqual({ preset: null, filter: OPEN, variant: null });
  });
});

describe('how a filter stands to its preset', () => {
  it('is the preset, in whatever order its words stand', () => {
    const view = fromPreset(panel);
    const turned = { ...view, filter: { ...view.filter, impacts: [...view.filter.impacts].reverse() } };
    expect(standing(turned, presets)).toEqual({ is: 'preset', preset: panel });
  });

  it('is changed from it by one word, and the preset again when the word is put back', () => {
    const view = fromPreset(panel);
    const changed = { ...view, filter: toggled(view.filter, 'impacts', 'LOW') };
    expect(standing(changed, presets)).toEqual({ is: 'changed', preset: panel });
    const back = { ...changed, filter: toggled(changed.filter, 'impacts', 'LOW') };
    expect(standing(back, presets).is).toBe('preset');
  });

  it('is an own filter where no preset is alike', () => {
    expect(standing({ preset: null, filter: { ...OPEN, text: 'TP53' }, variant: null }, presets)).toEqual({
      is: 'own',
    });
  });

  it('counts the parts that restrict', () => {
    expect(restrictions(OPEN)).toBe(0);
    expect(restrictions({ ...OPEN, passed: true, impacts: ['HIGH', 'LOW'], text: ' x ' })).toBe(3);
  });
});
