export const overviewEn = {
  title: 'overview',
}
