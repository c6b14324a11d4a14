import { common } from './en/common';
import { criteria } from './en/criteria';
import { further } from './en/further';
import { gate } from './en/gate';
import { history } from './en/history';
import { keys } from './en/keys';
import { newCase } from './en/newCase';
import { overview } from './en/overview';
import { pharmacogenes } from './en/pharmacogenes';
import { quality } from './en/quality';
import { queue } from './en/queue';
import { releases } from './en/releases';
import { report } from './en/report';
import { scores } from './en/scores';
import { settings } from './en/settings';
import { variants } from './en/variants';
import { worklist } from './en/worklist';

/** Every word of the interface in English. */
export const en = {
  common,
  keys,
  gate,
  further,
  worklist,
  newCase,
  queue,
  overview,
  quality,
  variants,
  criteria,
  pharmacogenes,
  releases,
  scores,
  report,
  history,
  settings,
};

/**
 * The words that a language must give: the same keys as English, plain strings or functions of the same arguments.
 * A language that lacks a key does not compile.
 */
export type Words = typeof en;
