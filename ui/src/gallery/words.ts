/** Words of the gallery, a page for developers: illustrative, not of the product and never translated. */
export const g = {
  components: 'Components',
  review: 'Case review',
  grid: 'Grid of 5,000,000 rows',
  note: 'Illustrative data',
};
