export { type Column, DataGrid, type DataGridProps, type GridHandle, type Sort } from '../grid';
export { Button, type ButtonProps, LinkButton } from './Button';
export { ClassMark } from './ClassMark';
export { Criterion, CriterionList, type CriterionState } from './Criterion';
export { Checkbox, ComboBox, Menu, RadioGroup, TokenField } from './choices';
export { classes } from './classes';
export {
  CLASSES,
  type ClassStep,
  classOfDigit,
  classOfPoints,
  signed,
  type VariantClass,
} from './classification';
export { Funnel, type FunnelStep } from './Funnel';
export { FactList, Mono, type SmallColumn, SmallTable } from './facts';
export { DateField, type FieldProps, type Option, Select, TextField, type TextFieldProps } from './fields';
export { Kbd } from './Kbd';
export { ConfirmDialog, Dialog, Drawer, Section, Tabs, Tooltip } from './overlays';
export { PointsRail } from './PointsRail';
export { AreaPlot, BarPlot, Hatch, Plot, type PlotTable } from './plots';
export { Screen } from './Screen';
export {
  Await,
  Badge,
  type CheckWord,
  EmptyState,
  ErrorState,
  LoadingState,
  Notice,
  ProgressBar,
  type StatusWord,
  Tag,
} from './states';
export { announce, type Toast, useToasts } from './toasts';
