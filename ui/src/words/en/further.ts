export const further = {
  title: 'Family, evidence, scores',
  note: 'What a run uses besides the sample’s own files. All may be left out; what is left out is not evaluated, and the report says so.',
  choose: 'Choose…',
  chooseOf: (field: string) => `Choose: ${field}`,
  dialogFailed: 'The file dialog did not open',
  refused: 'The run was not started',
  fields: {
    evidence: {
      label: 'Evidence file',
      note: 'clinotype-evidence/1: evidence and decisions on criteria. Evidence is proposed; decisions count.',
    },
    family: {
      label: 'VCF of the family',
      note: 'Genotyped together, with the tested person in it. Evidence for PS2/PM6, PM3, BP2, PP1 and BS4 is proposed from it.',
    },
    pedigree: {
      label: 'Pedigree of the family',
      note: 'PED, or a Phenopacket. The persons are named as in the VCF of the family.',
    },
    outside: {
      label: 'Outside calls of pharmacogenes',
      note: 'TSV: CYP2D6, HLA-A, HLA-B, MT-RNR1. One file per line. The pharmacogenes must be called, too.',
    },
    chain: {
      label: 'Chain file',
      note: 'From GRCh37 to GRCh38, for the pharmacogenes of a run on GRCh37.',
    },
    hpo: {
      label: 'Folder of HPO’s files',
      note: 'hp.obo, phenotype.hpoa, genes_to_phenotype.txt: genes are ranked by the terms of the order.',
    },
    scores: {
      label: 'Scoring files',
      note: 'PGS Catalog: polygenic scores are summed, for research use. One file per line.',
    },
    score_people: {
      label: 'People that scores are compared with',
      note: 'clinotype-prs-reference/1. Without it there is no percentile.',
    },
  },
};
