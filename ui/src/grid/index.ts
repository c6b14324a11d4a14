export type { Column } from './columns';
export { DataGrid, type DataGridProps, type GridHandle } from './DataGrid';
export type { Sort } from './GridRow';
