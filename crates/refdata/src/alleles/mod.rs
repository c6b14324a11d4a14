//! Values by allele: sorted keys in compressed blocks, memory-mapped.
