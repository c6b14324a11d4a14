import { describe, expect, it } from 'vitest';
import type { RunView, StageView } from '../../api/types';
import { en } from '../../words';
import { stageWords } from './Stages';
import { canResume, movedPlace, parts, percentByCase, presentStage, progress, resumable } from './view';

const stage = (name: string, state: StageView['state'], part: Partial<StageView> = {}): StageView => ({
  name,
  words: name,
  state,
  percent: null,
  seconds_left: null,
  seconds: null,
  ...part,
});
const run = (id: string, state: RunView['state'], part: Partial<RunView> = {}): RunView => ({
  id,
  case: `case of ${id}`,
  sample: id,
  state,
  place: null,
  stages: [],
  notes: [],
  error: null,
  asked: '2026-11-20T10:00:00Z',
  started: null,
  ended: null,
  seconds: null,
  ...part,
});

describe('parts of the queue', () => {
  it('waiting runs stand by their place, ended ones as the host lists them', () => {
    const list = [
      run('done', 'done'),
      run('second', 'queued', { place: 2 }),
      run('now', 'running'),
      run('first', 'queued', { place: 1 }),
      run('bad', 'failed'),
    ];
    const { running, waiting, ended } = parts(list);
    expect(running.map((r) => r.id)).toEqual(['now']);
    expect(waiting.map((r) => r.id)).toEqual(['first', 'second']);
    expect(ended.map((r) => r.id)).toEqual(['done', 'bad']);
  });

  it('a move stays within the queue', () => {
    const waiting = [run('a', 'queued'), run('b', 'queued'), run('c', 'queued')];
    expect([movedPlace(waiting, 'a', -1), movedPlace(waiting, 'a', 1)]).toEqual([null, 2]);
    expect([movedPlace(waiting, 'c', -1), movedPlace(waiting, 'c', 1)]).toEqual([2, null]);
    expect(movedPlace(waiting, 'gone', 1)).toBeNull();
  });

  it('only the newest run of a case can be resumed', () => {
    expect(
      ['failed', 'cancelled', 'interrupted'].every((s) => canResume(run('x', s as RunView['state']))),
    ).toBe(true);
    expect(['queued', 'running', 'done'].some((s) => canResume(run('x', s as RunView['state'])))).toBe(false);
    const list = [
      run('new', 'running', { case: 'A' }),
      run('old', 'failed', { case: 'A' }),
      run('b2', 'cancelled', { case: 'B' }),
      run('b1', 'failed', { case: 'B' }),
    ];
    expect([...resumable(list)]).toEqual(['b2']);
  });
});

describe('progress', () => {
  it('counts kept stages as done, leaves out those not needed, and takes part of the one at work', () => {
    const at = run('a', 'running', {
      stages: [
        stage('align', 'skipped'),
        stage('call', 'resumed'),
        stage('annotate', 'working', { percent: 50 }),
        stage('interpret', 'waiting'),
        stage('report', 'waiting'),
      ],
    });
    expect(progress(at)).toBeCloseTo(1.5 / 4);
    expect(presentStage(at)).toMatchObject({ at: 3, stage: { name: 'annotate' } });
    expect(percentByCase([at]).get('case of a')).toBe(37);
  });

  it('cannot be told without stages, and is never 100 before the end', () => {
    expect(progress(run('a', 'running'))).toBeNull();
    expect(percentByCase([run('a', 'running')]).size).toBe(0);
    const nearly = run('b', 'running', {
      stages: [stage('x', 'done'), stage('y', 'working', { percent: 100 })],
    });
    expect(percentByCase([nearly]).get('case of b')).toBe(99);
  });

  it('a stage that is not known to advance counts nothing', () => {
    expect(progress(run('a', 'running', { stages: [stage('x', 'working')] }))).toBe(0);
  });
});

describe('words of a stage', () => {
  it.each([
    [stage('x', 'waiting'), 'waiting'],
    [stage('x', 'working', { percent: 41.8, seconds_left: 75 }), 'working, 41 %, about 1 min 15 s left'],
    [stage('x', 'working'), 'working, time left not known yet'],
    [stage('x', 'done', { seconds: 4 }), 'done, took 4 s'],
    [stage('x', 'resumed'), 'kept from an earlier attempt'],
    [stage('x', 'skipped'), 'not needed for this input'],
    [stage('x', 'failed'), 'failed'],
  ])('%j', (at, wanted) => expect(stageWords(at, en)).toBe(wanted));
});
