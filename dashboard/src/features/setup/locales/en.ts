export const setupEn = {
  title: 'setup',
}
