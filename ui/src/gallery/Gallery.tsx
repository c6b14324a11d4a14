import { useState } from 'react';
import { AppFrame } from '../components/AppFrame';
import { KeySheet, Palette } from '../components/KeySheet';
import { useKey, useKeyboard } from '../keys';
import { ComponentsPage } from './ComponentsPage';
import { GridPage, ReviewPage } from './ReviewPage';

/** The gallery in the real frame: every component in every state, for pictures and for axe. */
export function Gallery({ page }: { page: string }) {
  const [sheet, setSheet] = useState(page === 'sheet');
  const [palette, setPalette] = useState(page === 'palette');
  useKeyboard(true);
  useKey('app.keys', () => setSheet(true));
  useKey('app.palette', () => setPalette(true));
  useKey('go.worklist', () => {});
  useKey('list.filter', () => {});
  return (
    <>
      <AppFrame
        route={{ screen: 'case', caseId: 'demo', tab: 'variants' }}
        identity={{
          patient: 'Synthetic, Demo',
          identifiers: ['S-000123', '1970-01-01'],
          order: 'Hereditary cancer (12)',
          build: 'GRCh38',
          sample: 'DEMO-01',
          steps: ['Received', 'Run', 'Called', 'Review', 'Draft report'],
          now: 3,
          draft: true,
          synthetic: true,
        }}
        notes={{ quality: { text: 'WARN', tone: 'warn' }, variants: { text: '38' } }}
        user="A. Technician"
        releases={['ClinVar 2026-02-26', 'gnomAD 4.1', 'MANE 1.5', 'Clinotype 0.1.0']}
        onLock={() => {}}
      >
        {page === 'components' ? <ComponentsPage /> : page === 'grid' ? <GridPage /> : <ReviewPage />}
      </AppFrame>
      <KeySheet isOpen={sheet} onClose={() => setSheet(false)} />
      <Palette isOpen={palette} onClose={() => setPalette(false)} />
    </>
  );
}
