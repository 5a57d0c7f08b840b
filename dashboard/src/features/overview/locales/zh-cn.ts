export const overviewZh = {
  title: 'overview',
}
