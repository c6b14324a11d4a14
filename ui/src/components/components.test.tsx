import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ClassMark } from './ClassMark';
import { CLASSES, classOfDigit, classOfPoints, layRail, markSteps, signed } from './classification';
import { Funnel } from './Funnel';
import { PointsRail } from './PointsRail';
import { areaPath, linear, niceTicks } from './scale';
import { Badge, ErrorState } from './states';

describe('class mark', () => {
  it.each(CLASSES.map((name, index) => [name, index] as const))('%s stands at step %i', (name, index) => {
    expect(markSteps(name).map((step) => step.on)).toEqual([0, 1, 2, 3, 4].map((at) => at === index));
    expect(classOfDigit(index + 1)).toBe(name);
  });
  it('has no step for no class', () =>
    expect(markSteps('not_classified').some((step) => step.on)).toBe(false));
  it('stays inside its drawing without overlap', () => {
    const steps = markSteps('uncertain');
    steps.forEach((step, index) => {
      const next = steps[index + 1];
      expect(step.x + step.width).toBeLessThanOrEqual(next ? next.x : 46);
      expect(step.y + step.height).toBeLessThanOrEqual(10);
    });
  });
  it('gives readers the whole word', () => {
    render(<ClassMark value="likely_pathogenic" short />);
    expect(screen.getByText('Likely pathogenic')).toBeDefined();
  });
});

describe('points', () => {
  it.each([
    [-8, 'benign'],
    [-7, 'benign'],
    [-6, 'likely_benign'],
    [-1, 'likely_benign'],
    [0, 'uncertain'],
    [5, 'uncertain'],
    [6, 'likely_pathogenic'],
    [9, 'likely_pathogenic'],
    [10, 'pathogenic'],
  ])('%i points are %s', (points, name) => expect(classOfPoints(points)).toBe(name));

  it('put the sum into the band of its class', () => {
    for (let points = -9; points <= 12; points += 1) {
      const rail = layRail([{ code: 'X', points }], 416);
      const band = rail.bands.find(({ x, width }) => rail.x(points) > x && rail.x(points) < x + width);
      if (points > rail.low && points < rail.high)
        expect(band?.name, String(points)).toBe(classOfPoints(points));
    }
  });
  it('add up on either side of zero, and grow the rail when they must', () => {
    const rail = layRail(
      [
        { code: 'PVS1', points: 8 },
        { code: 'BP4', points: -1 },
        { code: 'PS1', points: 8 },
      ],
      416,
    );
    expect(rail.total).toBe(15);
    expect(rail.pathogenic.map(({ from, to }) => [from, to])).toEqual([
      [0, 8],
      [8, 16],
    ]);
    expect(rail.benign.map(({ from, to }) => [from, to])).toEqual([[-1, 0]]);
    expect(rail.x(16)).toBeLessThan(416);
  });
  it('are said in words', () => {
    render(
      <PointsRail
        items={[
          { code: 'PVS1', points: 8 },
          { code: 'BP4', points: -1 },
        ]}
      />,
    );
    const said = screen.getByLabelText('7 points: Likely pathogenic. PVS1 +8 and BP4 −1.');
    expect(said.getAttribute('role')).toBe('img');
  });
  it('have signs', () => expect([8, -4, 0].map(signed)).toEqual(['+8', '−4', '0']));
});

describe('states', () => {
  it('an error says what, where, what to do and its code', () => {
    render(<ErrorState error={{ code: 'damaged', message: 'What', place: 'chr1:5', hint: 'Do this' }} />);
    const text = screen.getByRole('alert').textContent;
    for (const part of ['What', 'chr1:5', 'Do this', 'damaged']) expect(text).toContain(part);
  });
  it('a lost connection has words of its own', () => {
    render(<ErrorState error={{ code: 'unreachable', message: '', place: null, hint: null }} />);
    expect(screen.getByRole('alert').textContent).toContain('did not answer');
  });
  it('a badge says its word in either spelling', () => {
    render(
      <>
        <Badge status="not_assessed" />
        <Badge status="NOT ASSESSED" />
      </>,
    );
    expect(screen.getAllByText('NOT ASSESSED')).toHaveLength(2);
  });
  it('the funnel says every reason', () => {
    render(
      <Funnel
        steps={[
          {
            id: 'q',
            label: 'quality',
            kept: 10,
            dropped: 3,
            reasons: [
              { id: 'd', text: 'depth', count: 2 },
              { id: 's', text: 'strand', count: 1 },
            ],
          },
        ]}
      />,
    );
    expect(screen.getByText('3 dropped: 2 depth, 1 strand')).toBeDefined();
  });
});

describe('scales', () => {
  it('map straight', () => expect(linear([0, 10], [100, 0])(2.5)).toBe(75));
  it('survive no span', () => expect(linear([5, 5], [1, 9])(5)).toBe(1));
  it.each([
    [0, 97, [0, 25, 50, 75, 100]],
    [0, 0, [0, 1]],
    [0, 0.8, [0, 0.2, 0.4, 0.6, 0.8]],
  ])('tick %d to %d', (low, high, want) => expect(niceTicks(low, high, 4)).toEqual(want));
  it('close the area on its base', () => {
    const same = (value: number) => value;
    expect(
      areaPath(
        [
          { x: 0, y: 1 },
          { x: 2, y: 3 },
        ],
        same,
        same,
        9,
      ),
    ).toBe('M0.0 9.0L0.0 1.0L2.0 3.0L2.0 9.0Z');
    expect(areaPath([], same, same, 9)).toBe('');
  });
});
