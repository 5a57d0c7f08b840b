export const searchEn = {
  title: 'search',
}
