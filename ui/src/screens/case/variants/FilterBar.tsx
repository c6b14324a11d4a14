import { type Ref, useEffect, useState } from 'react';
import type { Preset, VariantFilter } from '../../../api/types';
import { Button, Select, TextField } from '../../../components';
import { useWords } from '../../../words';
import { restrictions, type Standing } from './filter';

const TYPING_MS = 250;

/** The name of what ran, and how it stands to its preset. */
export function presetWords(
  standing: Standing,
  w: ReturnType<typeof useWords>,
): { name: string; note: string } {
  switch (standing.is) {
    case 'preset':
      return {
        name: w.variants.presetName(standing.preset.name, standing.preset.version),
        note: standing.preset.words,
      };
    case 'changed':
      return {
        name: w.variants.ownFilter,
        note: w.variants.changedFrom(standing.preset.name, standing.preset.version),
      };
    case 'older':
      return {
        name: w.variants.ownFilter,
        note: w.variants.olderPreset(standing.preset.name, standing.version, standing.preset.version),
      };
    case 'own':
      return { name: w.variants.ownFilter, note: w.variants.ownFilterNote };
  }
}

/** The bar above the table: preset, words to find, the other parts of the filter, what came of it. */
export function FilterBar({
  presets,
  standing,
  filter,
  shown,
  inputRef,
  onPreset,
  onFilter,
  onMore,
}: {
  presets: readonly Preset[];
  standing: Standing;
  filter: VariantFilter;
  shown: number | null;
  inputRef: Ref<HTMLInputElement>;
  onPreset: (preset: Preset) => void;
  onFilter: (filter: VariantFilter) => void;
  onMore: () => void;
}) {
  const w = useWords();
  const [words, setWords] = useState(filter.text);
  const [asked, setAsked] = useState(filter.text);
  // The filter changed from outside (a preset, Back): the field follows.
  if (filter.text.trim() !== asked.trim()) {
    setAsked(filter.text);
    setWords(filter.text);
  }
  useEffect(() => {
    if (words.trim() === filter.text.trim()) return;
    const timer = window.setTimeout(() => {
      setAsked(words);
      onFilter({ ...filter, text: words });
    }, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [words, filter, onFilter]);
  const from = standing.is === 'own' ? null : standing.preset;
  return (
    <div className="variants-bar">
      <div className="variants-bar-preset">
        <Select
          label={w.variants.preset}
          labelHidden
          value={from?.id ?? null}
          placeholder={w.variants.ownFilter}
          options={presets.map((preset) => ({
            id: preset.id,
            name: w.variants.presetName(preset.name, preset.version),
            note: preset.words,
          }))}
          onChange={(id) => {
            const preset = presets.find((candidate) => candidate.id === id);
            if (preset) onPreset(preset);
          }}
        />
      </div>
      <div className="variants-bar-find">
        <TextField
          label={w.variants.search}
          labelHidden
          type="search"
          placeholder={w.variants.searchNote}
          value={words}
          onChange={setWords}
          inputRef={inputRef}
        />
      </div>
      <Button onPress={onMore}>{w.variants.filterCount(restrictions(filter))}</Button>
      {standing.is === 'preset' || from === null ? null : (
        <>
          <span className="variants-changed">{presetWords(standing, w).note}</span>
          <Button variant="quiet" onPress={() => onPreset(from)}>
            {w.variants.backToPreset}
          </Button>
        </>
      )}
      <span className="variants-shown" role="status">
        {shown === null ? '' : w.variants.shown(shown)}
      </span>
    </div>
  );
}
