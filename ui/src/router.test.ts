import { describe, expect, it } from 'vitest';
import { href, parse, type Route } from './router';

describe('router', () => {
  const routes: Route[] = [
    { screen: 'worklist' },
    { screen: 'new' },
    { screen: 'queue' },
    { screen: 'settings' },
    { screen: 'case', caseId: 'a/b c%', tab: 'variants' },
    { screen: 'case', caseId: '7', tab: 'report', item: 'x/1' },
  ];
  it.each(routes)('%o survives the address', (route) => expect(parse(href(route))).toEqual(route));
  it('starts at the worklist, and a case at its overview', () => {
    expect(parse('')).toEqual({ screen: 'worklist' });
    expect(parse('#/case/7')).toEqual({ screen: 'case', caseId: '7', tab: 'overview' });
  });
  it.each([
    '#/nowhere',
    '#/case',
    '#/case/7/odd',
    '#/worklist/7',
    '#/case/%E0/overview',
    '#/case/7/report/1/2',
  ])('%s is nowhere', (hash) => expect(parse(hash)).toEqual({ screen: 'none' }));
});
