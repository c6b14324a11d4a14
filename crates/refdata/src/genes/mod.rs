//! Facts of genes: symbols, validity, dosage, inheritance, constraint, panels.
