import type { VariantFilter, VariantSort } from '../../../api/types';
import { Button, Checkbox, Dialog, Select } from '../../../components';
import { useWords } from '../../../words';
import { FLAGS, LIST_PARTS, type ListPart, OPEN, toggled, wordsOf } from './filter';

const SORTS: readonly VariantSort[] = ['priority', 'position', 'gene', 'frequency', 'quality', 'depth'];

function useNames(): Record<ListPart, Record<string, string>> {
  const w = useWords().variants;
  return {
    impacts: w.impactWords,
    frequencies: w.frequencySteps,
    clinvar: w.clinvarSteps,
    classes: w.classes,
    zygosities: Object.fromEntries(wordsOf('zygosities').map((word) => [word, word])),
    kinds: w.kindWords,
  };
}

/** Every part of the filter in sight. Changes act at once; the table behind follows. */
export function FilterDialog({
  isOpen,
  filter,
  sort,
  onFilter,
  onSort,
  onClose,
}: {
  isOpen: boolean;
  filter: VariantFilter;
  sort: VariantSort;
  onFilter: (filter: VariantFilter) => void;
  onSort: (sort: VariantSort) => void;
  onClose: () => void;
}) {
  const w = useWords();
  const names = useNames();
  return (
    <Dialog
      title={w.variants.filterTitle}
      isOpen={isOpen}
      onClose={onClose}
      width="l"
      actions={
        <>
          <Button onPress={() => onFilter(OPEN)}>{w.variants.clearFilter}</Button>
          <Button variant="primary" onPress={onClose}>
            {w.variants.apply}
          </Button>
        </>
      }
    >
      <p className="variants-faint">{w.variants.partsNote}</p>
      <div className="variants-parts">
        <fieldset className="variants-part">
          <legend>{w.variants.general}</legend>
          {FLAGS.map((flag) => (
            <Checkbox
              key={flag}
              isSelected={filter[flag]}
              onChange={(on) => onFilter({ ...filter, [flag]: on })}
              description={w.variants.flagNotes[flag]}
            >
              {w.variants.flags[flag]}
            </Checkbox>
          ))}
          <Select<VariantSort>
            label={w.variants.sort}
            value={sort}
            onChange={onSort}
            options={SORTS.map((id) => ({ id, name: w.variants.sorts[id] }))}
          />
        </fieldset>
        {LIST_PARTS.map((part) => (
          <fieldset key={part} className="variants-part">
            <legend>{w.variants.parts[part]}</legend>
            {wordsOf(part).map((word) => (
              <Checkbox
                key={word}
                isSelected={(filter[part] as readonly string[]).includes(word)}
                onChange={() => onFilter(toggled(filter, part, word))}
              >
                {names[part][word] ?? word}
              </Checkbox>
            ))}
          </fieldset>
        ))}
      </div>
    </Dialog>
  );
}
