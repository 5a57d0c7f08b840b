export const setupZh = {
  title: 'setup',
}
