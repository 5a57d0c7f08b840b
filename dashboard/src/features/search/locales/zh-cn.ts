export const searchZh = {
  title: 'search',
}
