export const deskZh = {
  title: 'desk',
}
